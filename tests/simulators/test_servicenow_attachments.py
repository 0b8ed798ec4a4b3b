"""Files on records of the ServiceNow simulator."""

import hashlib
import json

import httpx2

from tests.simulators.snow import Snow

FILES = "/api/now/attachment"
TEXT = {"Content-Type": "text/plain"}


async def put(snow: Snow, content: bytes = b"interface Te1/1/1\n", **query: str) -> httpx2.Response:
    given = {"table_name": "change_request", "table_sys_id": snow.ids.ticket("CHG0030001"), "file_name": "plan.txt"}
    return await snow.http.post(f"{FILES}/file", params=given | query, content=content, headers=TEXT)


async def test_a_file_is_put_described_and_fetched(snow: Snow) -> None:
    content = bytes(range(256)) * 40
    answer = await put(snow, content)
    made = answer.json()["result"]
    assert answer.status_code == 201 and answer.headers["Location"].endswith(made["sys_id"])
    assert made["size_bytes"] == "10240" and int(made["size_compressed"]) < 10_240
    assert made["hash"] == hashlib.sha256(content).hexdigest()
    assert await snow.get(f"{FILES}/{made['sys_id']}") == made
    fetched = await snow.http.get(made["download_link"])
    assert fetched.content == content and fetched.headers["Content-Type"].startswith("text/plain")
    assert json.loads(fetched.headers["X-Attachment-Metadata"])["file_name"] == "plan.txt"


async def test_a_form_can_carry_the_file(snow: Snow) -> None:
    form = {"table_name": "change_request", "table_sys_id": snow.ids.ticket("CHG0030001")}
    files = {"uploadFile": ("preview.txt", b"\x00\r\n--\r\n\xff", "text/plain")}
    answer = await snow.http.post(f"{FILES}/upload", data=form, files=files)
    made = answer.json()["result"]
    assert (answer.status_code, made["file_name"], made["content_type"]) == (201, "preview.txt", "text/plain")
    assert (await snow.http.get(made["download_link"])).content == b"\x00\r\n--\r\n\xff"
    assert (await snow.http.post(f"{FILES}/upload", data=form)).status_code == 400


async def test_files_are_found_by_their_record(snow: Snow) -> None:
    for name in ("a.txt", "b.txt"):
        await put(snow, file_name=name)
    await put(snow, table_sys_id=snow.ids.ticket("CHG0030002"))
    answer = await snow.http.get(FILES, params={"sysparm_query": f"table_sys_id={snow.ids.ticket('CHG0030001')}"})
    assert [each["file_name"] for each in answer.json()["result"]] == ["a.txt", "b.txt"]
    assert answer.headers["X-Total-Count"] == "2"
    assert len(await snow.get(FILES, sysparm_limit=1)) == 1


async def test_what_lacks_something_or_is_too_large_is_refused(snow: Snow) -> None:
    assert (await put(snow, file_name="")).status_code == 400
    assert (await put(snow, table_sys_id="0" * 32)).status_code == 404
    assert (await put(snow, table_name="no_such_table")).status_code == 404
    async with Snow.with_behaviour(attachment_limit=10) as small:
        assert (await put(small, b"0123456789")).status_code == 201
        assert (await put(small, b"0123456789a")).status_code == 413


async def test_who_may_not_see_a_record_sees_none_of_its_files(snow: Snow) -> None:
    made = (await put(snow)).json()["result"]
    snow.become("nobody")
    assert (await snow.http.get(f"{FILES}/{made['sys_id']}")).status_code == 404
    assert (await snow.http.get(made["download_link"])).status_code == 404
    assert await snow.get(FILES) == []
    assert (await put(snow)).status_code == 404
    snow.become("developer")
    assert (await snow.http.get(made["download_link"])).status_code == 200
    assert (await put(snow)).status_code == 403


async def test_a_hostile_name_stays_a_name(snow: Snow) -> None:
    made = (await put(snow, file_name='x"\r\nSet-Cookie: a=b; ä.txt')).json()["result"]
    fetched = await snow.http.get(made["download_link"])
    assert fetched.status_code == 200 and "a" not in fetched.cookies
    assert json.loads(fetched.headers["X-Attachment-Metadata"])["file_name"] == made["file_name"]


async def test_a_deleted_file_is_gone(snow: Snow) -> None:
    made = (await put(snow)).json()["result"]
    assert (await snow.http.delete(f"{FILES}/{made['sys_id']}")).status_code == 204
    assert (await snow.http.get(made["download_link"])).status_code == 404
