"""The steps of the tour: who calls what, with what was learnt before, and what is told of the answer."""

from platform_cli.tour.step import Step
from platform_cli.tour.steps import approving, carrying_out, finding, mending, recording

STEPS: tuple[Step, ...] = (
    *finding.STEPS,
    *recording.STEPS,
    *mending.STEPS,
    *approving.STEPS,
    *carrying_out.STEPS,
)
