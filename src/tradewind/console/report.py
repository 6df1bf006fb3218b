"""The evaluation report of a model, shown as it was written but able to do nothing."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse

from tradewind.access.doorkeeper import Doorkeeper, Needs
from tradewind.access.model import Principal, Right
from tradewind.core.errors import NotFoundError
from tradewind.nlp.bundle import REPORT
from tradewind.nlp.runtime.catalogue import folder_of
from tradewind.nlp.runtime.live import LiveModels

# A report quotes customers' texts; whatever stands in it, the browser runs no script and fetches nothing.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"


def report_route(live: LiveModels, doorkeeper: Doorkeeper, needs: Needs) -> APIRouter:
    """GET /reports/{name}/{version}."""
    router = APIRouter(tags=["models"])
    reads = Depends(needs(Right.MODELS_READ))

    @router.get("/reports/{name}/{version}", summary="The evaluation report of a version")
    def report(name: str, version: str, principal: Principal = reads) -> FileResponse:
        path = folder_of(live, name, version, doorkeeper.reaches(principal)) / REPORT
        if not path.is_file():
            raise NotFoundError(
                f"{name} {version} has no report",
                hint="training and exporting write one; this folder was made without",
            )
        headers = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
        return FileResponse(path, media_type="text/html", headers=headers)

    return router
