"""The page of funders and sites."""

from tests.web.conftest import SignIn, csrf_of


def test_staff_record_who_pays_and_end_it(signed_in: SignIn) -> None:
    client = signed_in("programme")
    token = csrf_of(client, "/office/funders")

    def send(path: str, **data: str) -> tuple[int, str]:
        answer = client.post(path, data={"csrf_token": token, **data}, follow_redirects=True)
        return answer.status_code, answer.text

    for _twice in range(2):
        status, page = send("/office/funders", funder="Kernow Health", **{"for": "programme:CWL"})
        assert (status, page.count('<th scope="row">Kernow Health</th>')) == (200, 1)
    assert send("/office/funders", funder="Kernow Health", **{"for": "programme:LAN"})[0] == 403
    assert send("/office/funders", funder="Kernow Health", **{"for": "organisation:2"})[0] == 404
    status, page = send("/office/funders", funder="x" * 200, **{"for": "programme:CWL"})
    assert (status, "in 120 letters at most" in page) == (422, True)
    assert "Kernow Health" not in signed_in("keeper").get("/office/funders").text
    assert "No funder is recorded yet." in send("/office/funders/1/end")[1]
    assert send("/office/funders/1/end")[0] == 404
    trace = client.get("/office/directory/contact").text.split("Who changed what")[1]
    assert trace.count("programme@example.org") == 2, "begun and ended, and nothing for what was refused"
    assert send("/office/sites", organisation="1", head="1")[0] == 409
