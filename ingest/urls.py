"""URLs of the floor. Each view declares its policy."""

from django.urls import path

from ingest.views import batches, offline, preview, results, steps, words

app_name = "ingest"
urlpatterns = [
    path("", batches.batch_list, name="batch_list"),
    path("new/", steps.upload, name="upload"),
    path("export/", batches.batch_export, name="batch_export"),
    path("template/", batches.template, name="template"),
    path("offline/", offline.offline_page, name="offline"),
    path("offline/workbook/", offline.workbook, name="offline_workbook"),
    path("offline/<int:pk>/", offline.merge, name="merge"),
    path("<int:pk>/", batches.batch, name="batch"),
    path("<int:pk>/sheets/", steps.sheets, name="sheets"),
    path("<int:pk>/columns/", steps.columns, name="columns"),
    path("<int:pk>/values/", steps.values, name="values"),
    path("<int:pk>/preview/", preview.preview_page, name="preview"),
    path("<int:pk>/decide/", preview.decide, name="decide"),
    path("<int:pk>/commit/", preview.commit_batch, name="commit"),
    path("<int:pk>/progress/", results.progress, name="progress"),
    path("<int:pk>/cancel/", results.cancel, name="cancel"),
    path("<int:pk>/resume/", results.resume, name="resume"),
    path("<int:pk>/receipt/", results.receipt, name="receipt"),
    path("<int:pk>/undo/", results.undo, name="undo"),
    path("<int:pk>/refused/", results.refused_rows, name="refused"),
    path("<int:pk>/replace/", preview.replace, name="replace"),
    path("<int:pk>/follow/", preview.follow, name="follow"),
    path("<int:pk>/discard/", batches.discard_batch, name="discard"),
    path("words/", words.word_list, name="word_list"),
    path("words/layouts/<int:pk>/forget/", words.layout_forget, name="layout_forget"),
    path("words/headers/<int:pk>/forget/", words.header_forget, name="header_forget"),
    path("words/values/<int:pk>/forget/", words.value_forget, name="value_forget"),
]
