"""URLs of the floor. Each view declares its policy."""

from django.urls import path

from projects.views import detail, dictionaries, edit, files, merging, nodes, papers, people, personal, progress, stage
from projects.views import list as project_list_views

app_name = "projects"
urlpatterns = [
    path("", project_list_views.project_list_page, name="project_list"),
    path("export/", project_list_views.project_export, name="project_export"),
    path("new/", edit.project_new, name="project_new"),
    path("code/", edit.code_check, name="code_check"),
    path("columns/", personal.list_columns, name="list_columns"),
    path("views/", personal.view_save, name="view_save"),
    path("views/<int:pk>/delete/", personal.view_delete, name="view_delete"),
    path("<int:pk>/edit/", edit.project_edit, name="project_edit"),
    path("<int:pk>/follow/", personal.project_follow, name="project_follow"),
    path("<int:pk>/", detail.project_detail, name="project_detail"),
    path("<int:pk>/nodes/", nodes.project_nodes, name="project_nodes"),
    path("<int:pk>/schedule/", nodes.project_schedule, name="project_schedule"),
    path("<int:pk>/papers/", papers.project_papers, name="project_papers"),
    path("<int:pk>/papers/new/", papers.evidence_new, name="evidence_new"),
    path("<int:pk>/people/", people.project_people, name="project_people"),
    path("<int:pk>/people/new/", people.project_assign, name="project_assign"),
    path("<int:pk>/files/", files.project_files, name="project_files"),
    path("<int:pk>/trail/", files.project_trail, name="project_trail"),
    path("<int:pk>/update/", progress.project_update, name="project_update"),
    path("<int:pk>/draft/", progress.project_draft, name="project_draft"),
    path("<int:pk>/stage/", stage.project_stage, name="project_stage"),
    path("<int:pk>/merge/", merging.project_merge, name="project_merge"),
    path("<int:pk>/correction/", stage.project_correction, name="project_correction"),
    path("nodes/<int:pk>/", nodes.node_edit, name="node_edit"),
    path("papers/<int:pk>/file/", papers.evidence_file, name="evidence_file"),
    path("papers/<int:pk>/withdraw/", papers.evidence_withdraw, name="evidence_withdraw"),
    path("people/<int:pk>/end/", people.assignment_end, name="assignment_end"),
    path("files/<int:pk>/", files.attachment, name="attachment"),
    path("requests/", stage.request_list, name="request_list"),
    path("requests/<int:pk>/", stage.request_decide, name="request_decide"),
    path("requests/<int:pk>/cancel/", stage.request_cancel, name="request_cancel"),
    path("dictionaries/", dictionaries.dictionary_list, name="dictionary_list"),
    path("dictionaries/chains/new/", dictionaries.chain_new, name="chain_new"),
    path("dictionaries/chains/<int:pk>/", dictionaries.chain_edit, name="chain_edit"),
    path("dictionaries/nodes/<int:pk>/", dictionaries.template_edit, name="template_edit"),
    path("corrections/<int:pk>/", stage.correction_decide, name="correction_decide"),
]
