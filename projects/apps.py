from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "项目"

    def ready(self) -> None:
        from accounts.hooks import on_user_saved
        from projects.actions import match_names
        from projects.columns import register_column, register_filter
        from projects.list_columns import COLUMNS, FILTERS
        from projects.tabs import Tab, register_tab

        on_user_saved.append(match_names)
        register_column(*COLUMNS)
        register_filter(*FILTERS)
        register_tab(Tab("overview", "概况", "projects:project_detail", 10))
        register_tab(Tab("nodes", "节点计划", "projects:project_nodes", 20, count=lambda project: project.node_count))
        register_tab(Tab("papers", "前期手续", "projects:project_papers", 40))
        register_tab(Tab("people", "责任", "projects:project_people", 60))
        register_tab(Tab("relations", "储备与关联", "projects:project_relations", 70))
        register_tab(Tab("files", "附件", "projects:project_files", 80, count=lambda project: project.file_count))
        register_tab(Tab("trail", "动态", "projects:project_trail", 90))
