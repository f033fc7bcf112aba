"""Projects, their stages, nodes, papers, people and reports."""

from projects.models.milestone import ClockPause, Evidence, Milestone, MilestoneTemplate, Replan
from projects.models.people import Assignment
from projects.models.progress import Attachment, JournalEntry, ProgressReport, ReportDraft
from projects.models.project import Enterprise, IndustryChain, Project, ProjectRelation
from projects.models.relation import DistrictShare
from projects.models.reserve import ReserveBatch, ReserveProposal
from projects.models.stage import CorrectionRequest, StageChange, StageRequest

__all__ = [
    "Assignment",
    "Attachment",
    "ClockPause",
    "CorrectionRequest",
    "DistrictShare",
    "Enterprise",
    "Evidence",
    "IndustryChain",
    "JournalEntry",
    "Milestone",
    "MilestoneTemplate",
    "ProgressReport",
    "Project",
    "ProjectRelation",
    "Replan",
    "ReportDraft",
    "ReserveBatch",
    "ReserveProposal",
    "StageChange",
    "StageRequest",
]
