"""What a caller may pass. A model wrote it, so each value is held to a form before anything is done with it."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from mcp_common.device_secrets import mask_secrets
from mcp_common.fields import described
from mcp_common.untrusted import is_visible, visible

_REF_REFUSED = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//")
_GIT_FOLDER = re.compile(r"\.?git(~\d+)?[. ]*", re.IGNORECASE)
_SHA = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
_LONGEST_PART = 255


def _repository(text: str) -> str:
    name = text.partition("/")[2]
    if name.strip(".") == "" or name.lower().endswith((".git", ".wiki")):
        raise ValueError("a repository is named owner/name")
    return text


def check_ref(text: str) -> str:
    """Hold a branch, tag or commit to git's own rules (git check-ref-format).

    Raises:
        ValueError: saying that it is none.

    """
    parts = text.split("/")
    if (
        _REF_REFUSED.search(text)
        or not is_visible(text)
        or text == "@"
        or text.startswith(("-", "/"))
        or text.endswith(("/", "."))
        or any(part.startswith(".") or part.endswith(".lock") or len(part) > _LONGEST_PART for part in parts)
    ):
        raise ValueError("this is no name that git allows")
    return text


def _branch(text: str) -> str:
    if text == "HEAD" or text.startswith("refs/") or _SHA.fullmatch(text):
        raise ValueError("a branch is named without refs/, and neither HEAD nor like a commit")
    return check_ref(text)


def check_path(text: str) -> str:
    """Hold a path to what names a file or folder within the repository.

    Raises:
        ValueError: saying what is wrong.

    """
    if not is_visible(text) or "\\" in text:
        raise ValueError("control and invisible characters and backslashes are not allowed")
    for part in text.split("/"):
        if part.strip(". ") == "" or len(part) > _LONGEST_PART:
            raise ValueError("a path is like folder/file: relative, without empty parts and dots alone")
        if _GIT_FOLDER.fullmatch(part) and part.lower() != "git":
            raise ValueError("what git keeps for itself is no path")
    return text


def _line(text: str) -> str:
    if not is_visible(text):
        raise ValueError("line breaks, control and invisible characters are not allowed")
    return text


def _masked(text: str) -> str:
    return mask_secrets(text)[0]


def _prose(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if visible(text) != text:
        raise ValueError("control and invisible characters are not allowed")
    return _masked(text)


def _file_text(text: str) -> str:
    if "\0" in text:
        raise ValueError("only text is written")
    return text


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def unlisted(schema: dict[str, Any]) -> None:
    """Within an object, where every word of a form costs a caller tokens and says nothing."""
    for part in ("description", "pattern", "minLength", "maxLength", "additionalProperties"):
        schema.pop(part, None)


def _without_least(schema: dict[str, Any]) -> None:
    schema.pop("minimum", None)


Repository = Annotated[
    str,
    described("owner/name", pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}/[A-Za-z0-9._-]{1,100}$"),
    AfterValidator(_repository),
]
Organisation = Annotated[str, described("Its name", pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")]
User = Annotated[str, described("User name", pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?$")]
Team = Annotated[str, described("Team, as its slug", pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$")]
Ref = Annotated[str, described("Branch, tag, sha", min_length=1, max_length=_LONGEST_PART), AfterValidator(check_ref)]
Branch = Annotated[str, described("Name", min_length=1, max_length=200), AfterValidator(_branch)]
Path = Annotated[str, described("Path", min_length=1, max_length=1_000), AfterValidator(check_path)]
Sha = Annotated[str, described("Full sha", pattern=r"^[0-9a-f]{40}$")]
Number = Annotated[int, described("Number", ge=1, le=2_147_483_647)]
Id = Annotated[int, described("Id", ge=1, le=9_007_199_254_740_991)]
Line = Annotated[
    str, described("One line", min_length=1, max_length=250), AfterValidator(_line), AfterValidator(_masked)
]
Words = Annotated[str, described("Words", min_length=1, max_length=200), AfterValidator(_line)]
Prose = Annotated[str, described("Markdown, masked", min_length=1, max_length=60_000), AfterValidator(_prose)]
Label = Annotated[str, described("Label", min_length=1, max_length=50), AfterValidator(_line)]
Since = Annotated[
    str,
    described("As 2026-01-31T08:00Z", pattern=r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$"),
]
Start = Annotated[int, described("Negative: from the end", ge=-100_000_000, le=100_000_000)]
Limit = Annotated[int, Field(ge=1, le=100, description="At most", json_schema_extra=_without_least)]
Cursor = Annotated[str | None, described("`next_cursor`", max_length=200)]
Fields = Annotated[
    tuple[Annotated[str, Field(max_length=64, json_schema_extra=unlisted)], ...] | None,
    described("Which, or ['all']", max_length=64),
]
MaxChars = Annotated[int, described("Up to 24000", ge=200, le=24_000)]


def owner_and_name(repository: str) -> tuple[str, str]:
    """The two path segments of a repository."""
    owner, _, name = repository.partition("/")
    return owner, name


class FileChange(BaseModel):
    """A file to write whole, or to delete."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=unlisted)

    path: Annotated[str, AfterValidator(check_path), Field(min_length=1, max_length=1_000, json_schema_extra=unlisted)]
    text: Annotated[str, AfterValidator(_file_text), Field(max_length=200_000, json_schema_extra=unlisted)] | None = (
        None
    )
    delete: Annotated[bool, Field(json_schema_extra=_without_default)] = False

    @model_validator(mode="after")
    def _one_of_both(self) -> "FileChange":
        if (self.text is None) != self.delete:
            raise ValueError("give the whole `text` of the file, or `delete`: true")
        return self
