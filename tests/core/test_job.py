"""The job file: written and read back, streamed, and refused in one sentence when anything in it was touched."""

import base64
import hashlib
import random
import struct
import tomllib
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import job as jobs
from app.core import token as tokens
from app.core.errors import BadJob
from app.core.job import Job, JobFile
from app.core.reference import OrderId
from app.core.signing import OrderKey
from app.core.span import Span
from app.core.token import Token
from app.core.verifying import Key, Keyring, Signature
from tests.core import strategies as our

KEY = OrderKey()
SPAN = Span("CWL26", 12001, 12010)
JOB = Job(
    order=OrderId("CWL26", 3),
    span=SPAN,
    design="cornwall",
    host="NOTES.EXAMPLE.ORG",
    public_key=KEY.public_key,
    bundle_size=50,
    created_at=datetime(2026, 4, 1, 9, 30, 15, tzinfo=UTC),
    expires_on=date(2027, 3, 31),
)
DESIGN = {"front/design.toml": b'name = "cornwall"\n', "front/art.svg": b"<svg/>", "back/back.svg": b"<svg><g/></svg>"}
SIGNATURES = list(KEY.sign_span(SPAN))


def written(job: Job = JOB, signatures: Iterable[bytes] = SIGNATURES, design: Mapping[str, bytes] = DESIGN) -> bytes:
    """The bytes of a job file."""
    file = BytesIO()
    jobs.write(file, job, signatures, design)
    return file.getvalue()


GOOD = written()


def opened(raw: bytes) -> JobFile:
    """A job file as a reader meets it."""
    return JobFile(BytesIO(raw))


def members(raw: bytes) -> dict[str, bytes]:
    """What is in a zip."""
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(contents: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A zip of these members."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return file.getvalue()


def relisted(contents: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED, job: Job = JOB) -> bytes:
    """The same, by someone who mends the digests as well."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items() if name != "job.toml"}
    return zipped({**contents, "job.toml": jobs.to_toml(job, digests).encode()}, compression)


def edited(old: str, new: str) -> bytes:
    """A job file whose `job.toml` has one thing changed."""
    contents = members(GOOD)
    toml = contents["job.toml"].decode()
    assert old in toml
    return zipped({**contents, "job.toml": toml.replace(old, new, 1).encode()})


def refusal(raw: bytes) -> str:
    """The one sentence with which it is refused."""
    with pytest.raises(BadJob) as refused:
        opened(raw)
    sentence = refused.value.sentence
    assert sentence.endswith(".")
    assert ".:" not in sentence
    assert "\n" not in sentence
    assert len(sentence) < 300
    return sentence


# --- written and read back


def test_a_job_is_read_back_whole() -> None:
    with opened(GOOD) as file:
        assert file.job == JOB
        assert file.job.programme == "CWL"
        assert file.job.key == Key(SPAN, KEY.public_key, date(2027, 3, 31))
        assert file.design() == DESIGN
        assert file.toml() == members(GOOD)["job.toml"]
        assert [token.serial for token in file.tokens()] == list(SPAN.serials())
        assert [tokens.parse(text) for text in file.texts()] == list(file.tokens())
        assert next(file.texts()).startswith("HTTPS://NOTES.EXAMPLE.ORG/N/CWL260012001U")


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@given(our.spans(within=len(SPAN)))
def test_signatures_are_found_wherever_they_are_asked_for(compression: int, piece: Span) -> None:
    wanted = Span(SPAN.series, SPAN.first + piece.first - 1, SPAN.first + piece.last - 1)
    whole = members(GOOD)["signatures.bin"]
    with opened(relisted(members(GOOD), compression)) as file:
        for span in (wanted, SPAN, wanted):
            start = (span.first - SPAN.first) * 64
            assert file.joined(span) == whole[start : start + 64 * len(span)]
        with pytest.raises(BadJob, match="has no signatures for"):
            file.joined(Span(SPAN.series, SPAN.first, SPAN.last + 1))


def test_every_note_of_a_job_verifies_under_its_key() -> None:
    with opened(GOOD) as file:
        keyring = Keyring([file.job.key])
        assert [keyring.examine(token) for token in file.tokens()] == [Signature.GOOD] * len(SPAN)


def test_the_members_are_those_of_the_contract() -> None:
    contents = members(GOOD)
    assert set(contents) == {"job.toml", "signatures.bin", *(f"design/{name}" for name in DESIGN)}
    assert contents["signatures.bin"] == b"".join(KEY.sign(serial) for serial in SPAN.serials())
    assert tomllib.loads(contents["job.toml"].decode()) == {
        "format": 1,
        "order": "CWL26-003",
        "programme": "CWL",
        "series": "CWL26",
        "first": str(SPAN.first_serial),
        "last": str(SPAN.last_serial),
        "design": "cornwall",
        "host": "NOTES.EXAMPLE.ORG",
        "public_key": base64.b64encode(KEY.public_key).decode(),
        "bundle_size": 50,
        "expires_on": date(2027, 3, 31),
        "created_at": datetime(2026, 4, 1, 9, 30, 15, tzinfo=UTC),
        "sha256": {name: hashlib.sha256(raw).hexdigest() for name, raw in contents.items() if name != "job.toml"},
    }


def test_the_same_job_gives_the_same_bytes() -> None:
    again = written(replace(JOB), iter([b"".join(SIGNATURES)]), dict(reversed(DESIGN.items())))
    assert again == GOOD


def test_members_are_readable_by_their_owner_alone() -> None:
    with zipfile.ZipFile(BytesIO(GOOD)) as archive:
        assert {info.external_attr >> 16 & 0o777 for info in archive.infolist()} == {0o600}
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


jobs_of_any_kind = st.builds(
    lambda span, ordinal, **rest: Job(order=OrderId(span.series, ordinal), span=span, **rest),
    our.spans(),
    st.integers(1, 999_999),
    design=st.text(st.characters(codec="utf-8"), max_size=20),
    host=st.from_regex(r"[A-Z0-9]([A-Z0-9-]{0,20}[A-Z0-9])?", fullmatch=True),
    public_key=st.binary(min_size=32, max_size=32),
    bundle_size=st.integers(1, 1000),
    created_at=st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0)),
    expires_on=st.none() | st.dates(),
)
digests_of_any_kind = st.dictionaries(
    st.text(st.characters(codec="utf-8", exclude_categories=["C"])), st.text("0123456789abcdef")
)


@given(jobs_of_any_kind, digests_of_any_kind)
def test_job_toml_is_read_back(job: Job, digests: dict[str, str]) -> None:
    assert jobs.from_toml(jobs.to_toml(job, digests)) == (job, digests)


@given(st.text(max_size=200))
def test_any_text_is_a_job_toml_or_refused(text: str) -> None:
    with pytest.raises(BadJob):
        jobs.from_toml(text)


def test_a_part_of_a_job_is_read_alone() -> None:
    part = Span("CWL26", 12003, 12008)
    with opened(GOOD) as file:
        everything = list(file.tokens())
        assert list(file.tokens(part)) == everything[2:8]
        assert [span for span, _ in file.signatures(part, block=4)] == part.bundles(4)
        assert b"".join(raw for _, raw in file.signatures(part, block=4)) == b"".join(SIGNATURES)[2 * 64 : 8 * 64]
        for outside in (Span("CWL26", 12000, 12001), Span("CWL26", 12010, 12011), Span("LAN26", 12001, 12001)):
            with pytest.raises(BadJob, match="no signatures"):
                list(file.tokens(outside))


@pytest.mark.parametrize("wrong", [0, 1, 63, len(SPAN) * 64 - 1, len(SPAN) * 64 + 1, len(SPAN) * 64 + 64])
def test_a_job_is_written_with_64_bytes_for_each_note_or_not_at_all(wrong: int) -> None:
    file = BytesIO()
    with pytest.raises(BadJob, match=f"{wrong} bytes"):
        jobs.write(file, JOB, [bytes(wrong)], DESIGN)
    refusal(file.getvalue())


@pytest.mark.parametrize(
    "name", ["", "../evil", "a/../b", "/etc/passwd", "a//b", "a/", ".", "a\\b", "a\x7f", "a\0b", "\ud800"]
)
def test_a_design_with_a_name_that_reaches_out_is_not_written(name: str) -> None:
    file = BytesIO()
    with pytest.raises(BadJob, match="does not belong"):
        jobs.write(file, JOB, SIGNATURES, {name: b""})
    assert file.getvalue() == b""


def test_a_design_that_no_reader_would_take_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadJob, match="members"):
        written(design={f"front/{number}": b"" for number in range(jobs.LARGEST_MEMBERS)})
    monkeypatch.setattr(jobs, "LARGEST_DESIGN_BYTES", 10)
    with pytest.raises(BadJob, match="has room for 10"):
        written(design={"front/a": b"12345", "front/b": b"678901"})
    with opened(written(design={"front/a": b"12345", "front/b": b"67890"})) as file:
        assert len(file.design()) == 2


def test_the_signing_key_is_not_in_the_job_file() -> None:
    secret = our.private_half(KEY)
    for raw in (GOOD, *members(GOOD).values()):
        for spelling in (secret, secret.hex().encode(), base64.b64encode(secret), base64.b32encode(secret)):
            assert spelling.rstrip(b"=") not in raw


# --- streamed


def many_signatures(notes: int) -> Iterator[bytes]:
    """Signatures of so many notes, 4,000 at a time, that nobody holds at once."""
    for start in range(0, notes, 4000):
        yield b"".join(number.to_bytes(64, "big") for number in range(start, min(start + 4000, notes)))


def peak_bytes(deed: Callable[[], None]) -> int:
    """The most memory that a deed holds at a time."""
    tracemalloc.start()
    try:
        deed()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_big_job_is_never_held_in_memory(tmp_path: Path) -> None:
    """Its 200,000 signatures are 12.8 MB, and as objects far more."""
    notes, path = 200_000, tmp_path / "CWL26-004.job.zip"
    big = replace(JOB, order=OrderId("CWL26", 4), span=Span("CWL26", 1, notes))

    def write() -> None:
        with path.open("wb") as file:
            jobs.write(file, big, many_signatures(notes), DESIGN)

    def read() -> None:
        with path.open("rb") as file, JobFile(file) as job_file:
            count, last = 0, Token(big.span.first_serial, b"")
            for last in job_file.tokens():  # noqa: B007
                count += 1
            assert count == notes
            assert last == Token(big.span.last_serial, (notes - 1).to_bytes(64, "big"))

    assert peak_bytes(write) < 4_000_000
    assert peak_bytes(read) < 4_000_000


# --- touched


TOUCHED_TOML = {
    "another format": ("format = 1", "format = 2"),
    "a format in quotes": ("format = 1", 'format = "1"'),
    "a format that is a yes": ("format = 1", "format = true"),
    "a format with a point": ("format = 1", "format = 1.0"),
    "no format": ("format = 1\n", ""),
    "an order of another series": ("CWL26-003", "CWL27-003"),
    "an order that is none": ("CWL26-003", "CWL26"),
    "an order that is a number": ('order = "CWL26-003"', "order = 3"),
    "no order": ('order = "CWL26-003"', ""),
    "another programme": ('programme = "CWL"', 'programme = "LAN"'),
    "no programme": ('programme = "CWL"', ""),
    "another series": ('series = "CWL26"', 'series = "CWL27"'),
    "a first serial that was mistyped": ("CWL260012001U", "CWL260012002U"),
    "a first serial of another series": ("CWL260012001U", "LAN269999999L"),
    "a first serial after the last": ("CWL260012001U", "CWL260012500L"),
    "a first serial in small letters": ("CWL260012001U", "cwl260012001u"),
    "a first serial that is a number": ('first = "CWL260012001U"', "first = 12001"),
    "a last serial beyond the signatures": (f'last = "{SPAN.last_serial}"', 'last = "CWL260012500L"'),
    "a host that is too long": ("NOTES.EXAMPLE.ORG", "N" * 31),
    "a host that is a list": ('"NOTES.EXAMPLE.ORG"', "[]"),
    "a host with a path": ("NOTES.EXAMPLE.ORG", "NOTES.EXAMPLE.ORG/A"),
    "no host": ('host = "NOTES.EXAMPLE.ORG"', ""),
    "a key that is not base64": ('public_key = "', 'public_key = "!'),
    "a key that is cut": (base64.b64encode(KEY.public_key).decode(), base64.b64encode(KEY.public_key[:31]).decode()),
    "a key that is a number": ('public_key = "', 'public_key = 1 # "'),
    "bundles of none": ("bundle_size = 50", "bundle_size = 0"),
    "bundles below none": ("bundle_size = 50", "bundle_size = -50"),
    "bundles that are a yes": ("bundle_size = 50", "bundle_size = true"),
    "bundles with a point": ("bundle_size = 50", "bundle_size = 50.0"),
    "a last day in quotes": ("expires_on = 2027-03-31", 'expires_on = "2027-03-31"'),
    "a last day with an hour": ("expires_on = 2027-03-31", "expires_on = 2027-03-31T00:00:00Z"),
    "a last day that is none": ("expires_on = 2027-03-31", "expires_on = 2027-02-31"),
    "a date of making without an hour": ("created_at = 2026-04-01T09:30:15+00:00", "created_at = 2026-04-01"),
    "a time of making in quotes": ("created_at = 2026-04-01T09:30:15+00:00", 'created_at = "2026-04-01"'),
    "no digests": ("[sha256]", "[sha1]"),
    "digests that are a number": ("[sha256]\n", "sha256 = 3\n[other]\n"),
    "a digest that is wrong": ('"signatures.bin" = "', '"signatures.bin" = "0'),
    "a digest less": ('"design/front/art.svg" =', '"design/front/artless.svg" ='),
    "the same key twice": ("format = 1", "format = 1\nformat = 1"),
    "no TOML": ("format = 1", "format : 1"),
    "a very deep table": ("format = 1", "format = 1\nx = " + "[" * 100_000),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), TOUCHED_TOML.values(), ids=TOUCHED_TOML)
def test_a_job_toml_that_was_touched_is_refused(old: str, new: str) -> None:
    refusal(edited(old, new))


def without(name: str) -> dict[str, bytes]:
    """The members of the good file but one."""
    return {member: content for member, content in members(GOOD).items() if member != name}


def with_member(name: str, content: bytes = b"x") -> dict[str, bytes]:
    """The members of the good file and one more, or another in its place."""
    return {**members(GOOD), name: content}


def twice(name: str) -> bytes:
    """A zip with two members of one name, of which readers may see either."""
    file = BytesIO(GOOD)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(name, b"another")
    return file.getvalue()


TOUCHED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no zip": lambda: b"this is no zip" * 100,
    "a PDF": lambda: b"%PDF-1.7\n" + bytes(1000),
    "an empty zip": lambda: zipped({}),
    "a zip of something else": lambda: zipped({"README.md": b"hello"}),
    "no job.toml": lambda: zipped(without("job.toml")),
    "no signatures": lambda: zipped(without("signatures.bin")),
    "no signatures, and not listed": lambda: relisted(without("signatures.bin")),
    "a design file less": lambda: zipped(without("design/front/art.svg")),
    "a member more": lambda: zipped(with_member("design/front/more.svg")),
    "a member beside the design": lambda: relisted(with_member("setup.sh")),
    "a member that climbs out": lambda: relisted(with_member("../evil")),
    "a member that climbs out of the design": lambda: relisted(with_member("design/../../etc/passwd")),
    "a member from the root": lambda: relisted(with_member("/etc/passwd")),
    "a member with a backslash": lambda: relisted(with_member("design/a\\b")),
    "a folder as a member": lambda: relisted(with_member("design/front/", b"")),
    "the design's folder as a member": lambda: relisted(with_member("design/", b"")),
    "too many members": lambda: relisted(with_member("a") | {f"design/{n}": b"" for n in range(300)}),
    "job.toml twice": lambda: twice("job.toml"),
    "signatures twice": lambda: twice("signatures.bin"),
    "other signatures": lambda: zipped(with_member("signatures.bin", bytes(640))),
    "a signature changed by a bit": lambda: zipped(with_member("signatures.bin", b"\0" + b"".join(SIGNATURES)[1:])),
    "a signature less": lambda: relisted(with_member("signatures.bin", bytes(9 * 64))),
    "a signature more": lambda: relisted(with_member("signatures.bin", bytes(11 * 64))),
    "half a signature more": lambda: relisted(with_member("signatures.bin", bytes(10 * 64 + 32))),
    "another design": lambda: zipped(with_member("design/front/art.svg", b"<svg><script/></svg>")),
    "a job.toml that is not UTF-8": lambda: zipped(with_member("job.toml", b"\xff\xfe")),
    "an empty job.toml": lambda: zipped(with_member("job.toml", b"")),
    "a huge job.toml": lambda: zipped(with_member("job.toml", members(GOOD)["job.toml"] + b"#" * 2_000_000)),
    "cut in the middle": lambda: GOOD[: len(GOOD) // 2],
    "cut by a byte": lambda: GOOD[:-1],
    "its head cut": lambda: GOOD[100:],
}  # fmt: skip


@pytest.mark.parametrize("touched", TOUCHED.values(), ids=TOUCHED)
def test_a_job_file_that_was_touched_is_refused(touched: Callable[[], bytes]) -> None:
    refusal(touched())


def test_a_job_that_was_packed_again_is_still_good() -> None:
    """Who zips it anew changes nothing of what it says."""
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        with opened(relisted(members(GOOD), compression)) as file:
            assert file.job == JOB
            assert b"".join(raw for _, raw in file.signatures()) == b"".join(SIGNATURES)


def test_a_job_file_cut_anywhere_is_refused() -> None:
    for length in range(0, len(GOOD), 3):
        with pytest.raises(BadJob):
            opened(GOOD[:length])


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_job_file_is_refused_or_says_the_same(compression: int) -> None:
    """A byte here and there: in what zip ignores it does no harm, elsewhere it is refused, and never anything else."""
    chance = random.Random(compression)  # noqa: S311
    raw = relisted(members(GOOD), compression)
    refused = 0
    for _ in range(600):
        damaged = bytearray(raw)
        for _ in range(chance.choice([1, 1, 1, 5])):
            damaged[chance.randrange(len(raw))] = chance.randrange(256)
        try:
            file = opened(bytes(damaged))
        except BadJob:
            refused += 1
            continue
        assert (file.job, file.design(), list(file.tokens())) == (JOB, DESIGN, list(opened(GOOD).tokens()))
    assert refused > 300


def bomb(name: str, size: int) -> bytes:
    """A job file with a member of `size` zeros, a thousand times smaller while it is packed."""
    file, zeros, digest = BytesIO(), bytes(1 << 20), hashlib.sha256()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open(name, "w") as stream:
            for _ in range(size >> 20):
                stream.write(zeros)
                digest.update(zeros)
        others = {member: content for member, content in without(name).items() if member != "job.toml"}
        digests = {member: hashlib.sha256(content).hexdigest() for member, content in others.items()}
        if name != "job.toml":
            others["job.toml"] = jobs.to_toml(JOB, digests | {name: digest.hexdigest()}).encode()
        for member, content in others.items():
            archive.writestr(member, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("signatures.bin", "bytes of signatures"),
        ("design/front/art.svg", "has room for"),
        ("job.toml", "too large"),
    ],
)
def test_a_member_that_would_swell_is_refused_before_it_does(name: str, words: str) -> None:
    raw = bomb(name, jobs.LARGEST_DESIGN_BYTES + (1 << 20))
    assert len(raw) < 1_000_000

    def refuse() -> None:
        assert words in refusal(raw)

    assert peak_bytes(refuse) < 4_000_000


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    """Its entry says 640 bytes, its content is a megabyte of zeros."""
    raw = bomb("signatures.bin", 1 << 20)
    assert "bytes of signatures" in refusal(raw)
    entry = raw.index(b"PK\x01\x02")
    assert struct.unpack_from("<L", raw, entry + 24) == (1 << 20,)
    assert "damaged" in refusal(raw[: entry + 24] + struct.pack("<L", len(SPAN) * 64) + raw[entry + 28 :])


def test_a_series_without_a_last_day_has_an_empty_one_in_the_job() -> None:
    span = Span("CWL26", 1, 2)
    made = Job(OrderId("CWL26", 1), span, "cornwall", "A.ORG", bytes(32), 50, datetime(2026, 4, 1, tzinfo=UTC))
    text = jobs.to_toml(made, {})
    assert 'expires_on = ""' in text
    assert jobs.from_toml(text)[0].expires_on is None
