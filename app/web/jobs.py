"""Print jobs: what a print shop gets, takes once, counts and closes; and how each stands for the offices."""

import shlex
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, Response, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from app.core import reference
from app.core.count import Counted
from app.core.errors import BadInput, BadSpan, HournoteError, NotAllowed, NotFound, Refused
from app.core.roles import Deed
from app.services import clearing, counting, print_jobs, printing, rights, taking
from app.services.accounts import Account
from app.services.counting import Said
from app.services.print_jobs import PrintJob, Settings
from app.web import words
from app.web.forms import field, fresh_id, request_id
from app.web.site import books, now, settings, staff

jobs = Blueprint("jobs", __name__)

SHOWN = 50
Answer = AnyResponse | str | tuple[str, int]


@jobs.get("/office/jobs")
def every() -> str:
    """The jobs in one's reach, and how each stands."""
    account = staff(Deed.SEE_JOBS)
    listed = print_jobs.listed(books(), account=account, most=SHOWN)
    return render_template(
        "office/jobs.html", listed=listed, stages=words.JOB_STAGES, may_ask=rights.may(account, Deed.SEE_REQUESTS),
        may_keep_shops=rights.may(account, Deed.KEEP_SHOPS),
    )  # fmt: skip


@jobs.get("/office/jobs/<order>")
def one(order: str) -> str:
    """A job: what it is, its file, how it is composed, and its count."""
    return _page(staff(Deed.SEE_JOBS), order)


@jobs.post("/office/jobs/<order>/file")
def take(order: str) -> Answer:
    """The job file, once."""
    account = staff(Deed.TAKE_JOB)
    try:
        taken = taking.take(
            books(), by=account, order=order, folder=_folder(), request_id=_id_of("take"), now=now()
        )  # fmt: skip
    except (NotFound, NotAllowed):
        raise
    except HournoteError as error:
        return _page(account, order, error), error.http_status
    answer: Response = send_file(
        taken.path, mimetype="application/zip", as_attachment=True, download_name=taken.path.name, etag=False
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@jobs.post("/office/jobs/<order>/again")
def allow_again(order: str) -> Answer:
    """Let the print shop take the file once more."""
    return _did(
        Deed.ALLOW_JOB_AGAIN, order, _("The print shop can take the job file once more."),
        lambda account: taking.allow_again(books(), by=account, order=order, request_id=_id_of("again"), now=now()),
    )  # fmt: skip


@jobs.post("/office/jobs/<order>/settings")
def keep_settings(order: str) -> Answer:
    """Keep how it is composed."""
    return _did(
        Deed.COUNT_JOB, order, _("The press settings are kept."),
        lambda account: _keep_settings(account, order),
    )  # fmt: skip


@jobs.post("/office/jobs/<order>/reports")
def report(order: str) -> Answer:
    """Report good, spoiled or missing notes."""
    return _did(
        Deed.COUNT_JOB, order, None,
        lambda account: counting.report(
            books(), by=account, order=order, said=_said(), designs=settings().designs,
            request_id=_id_of("good" if field("kind") == Counted.GOOD else "bad"), now=now(),
        ),
    )  # fmt: skip


@jobs.post("/office/jobs/<order>/reports/<uuid:withdrawn>/withdraw")
def withdraw(order: str, withdrawn: UUID) -> Answer:
    """Take a report back."""
    return _did(
        Deed.COUNT_JOB, order, _("The report is withdrawn."),
        lambda account: counting.withdraw(
            books(), by=account, order=order, withdrawn=withdrawn, request_id=_id_of(f"withdraw {withdrawn}"), now=now()
        ),
    )  # fmt: skip


@jobs.post("/office/jobs/<order>/close")
def close(order: str) -> Answer:
    """Close a job that balances; its file goes, where this process may delete it."""

    def deed(account: Account) -> None:
        counting.close(books(), by=account, order=order, request_id=_id_of("close"), now=now())
        if str(reference.parse_order(order)) in clearing.clear(books(), _folder()):
            flash(_("The job file is deleted."))
        else:
            flash(_("Where the job file still lies, the press deletes it when it looks for orders."))

    return _did(Deed.COUNT_JOB, order, _("The job is closed."), deed)


def _id_of(form: str) -> UUID:
    """The id of the deed of one form: a page has one id, and several forms that must not be taken for one another."""
    return uuid5(request_id(), form)


def _did(needs: Deed, order: str, done: str | None, deed: Callable[[Account], Any]) -> Answer:
    """Do it, and show the job again."""
    account = staff(needs)
    try:
        deed(account)
    except (NotFound, NotAllowed):
        raise
    except HournoteError as error:
        return _page(account, order, error), error.http_status
    if done:
        flash(done)
    return redirect(url_for("jobs.one", order=order, _anchor=None if done else "count"), 303)


def _page(account: Account, order: str, error: HournoteError | None = None) -> str:
    job = print_jobs.job_of(books(), account=account, order=order)
    laid = print_jobs.layout(job, settings().designs)
    blank = print_jobs.blank_sheets(job, laid)
    return render_template(
        "office/job.html", job=job, laid=laid, blank=blank, problem=_problem(error) if error else None,
        stages=words.JOB_STAGES, commands=_commands(job, blank), sheets=printing.SHEETS, request_id=fresh_id(error),
        is_here=taking.is_here(_folder(), job.order), path=taking.path_of(_folder(), job.order.id),
        may={deed.value: print_jobs.may(account, deed, job) for deed in Deed if deed.value.endswith(("job", "job_again"))},
        may_order=rights.may(account, Deed.ORDER), may_look=rights.may(account, Deed.LOOK_UP),
        may_ask=rights.may(account, Deed.SEE_REQUESTS), again=_again(job),
        given={name: field(name) for name in ("kind", "good", "serials", "sheets")}, longest=counting.LONGEST_NAMED,
    )  # fmt: skip


def _again(job: PrintJob) -> dict[str, Any]:
    """The order form for the notes that have to be printed again: in the replacement series of the same year."""
    order = job.order
    return {
        "programme": job.programme, "number": f"9{order.span.series[-1]}", "quantity": job.count.bad,
        "design": order.design, "bundle": order.bundle_size, "replaces": order.id, "shop": job.print_shop_id,
        "sheet": job.wanted.sheet if job.wanted else None,
    }  # fmt: skip


def _commands(job: PrintJob, blank: int | None) -> list[str]:
    """What the print shop runs, in its order."""
    kept, name = job.settings, job.order.id
    words = ["notegen", "compose", f"{name}.job.zip", "--out", name, "--sheet", kept.sheet, "--flip", kept.flip]
    words += ["--office"] * kept.office + ["--reverse"] * kept.reverse + ["--separators"] * kept.separators
    words += ["--back-offset", kept.back_offset] if kept.back_offset else []
    words += ["--allowance", str(blank)] if blank is not None else []
    words += ["--run-sheets", str(kept.run_sheets)] if kept.run_sheets != printing.USUAL_RUN_SHEETS else []
    return [
        shlex.join(words), f"notegen proof {name}", f"notegen ticket {name} --out {name}-ticket.pdf",
        f"notegen labels {name}.job.zip --out {name}-labels.pdf",
    ]  # fmt: skip


def _folder() -> Any:
    """Where the press keeps its job files, if it works on this machine."""
    return settings().instance / clearing.JOBS


def _keep_settings(account: Account, order: str) -> None:
    """Keep what the form says. Raises BadInput with one sentence for all that notegen may say against it."""
    try:
        designs = settings().designs
        counting.keep_settings(books(), by=account, order=order, settings=_settings(), designs=designs)
    except BadInput as error:
        raise BadInput(
            str(
                _(
                    "One of these does not fit: a sheet that takes a note, an offset such as 1.2,-0.4, and at least one sheet in a file."
                )
            )
        ) from error


def _settings() -> Settings:
    """What the form says. Raises BadInput."""
    run_sheets = field("run_sheets").replace(",", "").strip()
    if not (run_sheets.isascii() and run_sheets.isdigit() and len(run_sheets) < 7):
        raise BadInput(f"A file has at least one sheet; {run_sheets!r} is none.")
    told = field("back_offset").strip()
    return Settings(
        printing.sheet_name(field("sheet")), field("flip"), field("office") == "yes", field("separators") == "yes",
        field("reverse") == "yes", printing.back_offset(told) if told else None, int(run_sheets),
    )  # fmt: skip


def _said() -> Said:
    """What the form reports. Raises BadInput."""
    if field("kind") not in set(Counted):
        raise BadInput(str(_("Choose what you report.")))
    good = field("good").replace(",", "").replace(" ", "")
    number = int(good) if good.isascii() and good.isdigit() and len(good) < 9 else None
    return Said(Counted(field("kind")), number, field("serials"), field("sheets"))


def _problem(error: HournoteError) -> str:
    """What to tell of something that was refused, in the reader's language."""
    if isinstance(error, BadSpan):
        return str(_("Name serials of this order, for example 211-212 or CWL26 211-212, and several with commas."))
    if isinstance(error, Refused) and "span" in error.evidence:
        span = error.evidence["span"]
        return str(_("The notes %(span)s were reported already: withdraw that report first.", span=span))
    if isinstance(error, BadInput):
        return _bad_input(error)
    return str(_(error.sentence))


def _bad_input(error: BadInput) -> str:
    evidence = error.evidence
    if "sheets" in evidence:
        most = int(str(evidence["sheets"]))
        return str(ngettext("This job has %(num)d sheet.", "This job has the sheets 1 to %(num)d.", most))
    if "ordered" in evidence:
        span, ordered = evidence["span"], evidence["ordered"]
        return str(
            _("The notes %(span)s are not of this order, which is %(ordered)s.", span=span, ordered=ordered)
        )  # fmt: skip
    if "notes" in evidence:
        return str(_("A report is of 1 to %(most)s notes: count again.", most=evidence["notes"]))
    if "most" in evidence:
        most_letters = evidence["most"]
        return str(_("Write what you want to say on one line, in %(most)s letters at most.", most=most_letters))
    return str(_(error.sentence))
