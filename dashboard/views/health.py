"""Two questions of machines: is the process alive, and could people work now?"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import PUBLIC, access
from common import clock
from dashboard.selectors.health import readiness


@access(PUBLIC)
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive. Asks neither database nor broker: restarting the web process would cure neither."""
    return HttpResponse("ok", content_type="text/plain")


@access(PUBLIC)
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when everything that people need stands, else 503; the JSON says what does not."""
    report = readiness(clock.now())
    return JsonResponse(report, status=200 if report["ready"] else 503, json_dumps_params={"ensure_ascii": False})
