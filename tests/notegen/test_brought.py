"""Art as designers have it: what each format becomes in ink, judged by ghostscript and by LittleCMS."""

import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageCms

from app.core.errors import BadDesign
from notegen import design, picture, preflight
from notegen.artwork import brought, plates, separation
from notegen.check import faults
from notegen.compose import compose
from notegen.faults import makeup, side
from tests.notegen import workshop

PIXELS = (1666, 851)
LEFT_RGB, RIGHT_RGB = (200, 40, 60), (30, 90, 160)
LEFT_CMYK, RIGHT_CMYK = (0, 229, 128, 26), (230, 100, 0, 0)
GHOSTSCRIPT = pytest.mark.skipif(shutil.which("gs") is None, reason="ghostscript separates the colours")


def in_inks(rgb: tuple[int, int, int]) -> tuple[float, ...]:
    """What LittleCMS makes of sRGB with the shipped profile, in percent, asked without our code."""
    press = ImageCms.ImageCmsProfile(BytesIO(separation.press_profile()))
    way = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), press, "RGB", "CMYK", ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )  # fmt: skip
    dot = ImageCms.applyTransform(Image.new("RGB", (1, 1), rgb), way)
    return tuple(part / 2.55 for part in np.asarray(dot)[0, 0])


def halves(mode: str, left: tuple[int, ...], right: tuple[int, ...]) -> Image.Image:
    """A picture of two colours with the panel of the QR left bare."""
    whole = Image.new(mode, PIXELS, left)
    whole.paste(right, (PIXELS[0] // 2, 0, *PIXELS))
    dot = 300 / 25.4
    bare = {"CMYK": (0, 0, 0, 0), "RGB": (255, 255, 255), "RGBA": (0, 0, 0, 0)}[mode]
    left_edge, top, right_edge, bottom = (round(edge * dot) for edge in (95, 15, 133, 53))
    whole.paste(bare, (left_edge, top, right_edge, bottom))
    return whole


def svg(body: str, box: str = "0 0 141 72") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{box}">{body}</svg>'


SVG = svg(
    '<defs><style>.a{fill:#c8283c}</style></defs><rect class="a" width="71" height="72"/>'
    '<path d="M70.5 0h70.5v72h-70.5z" style="fill:rgb(30,90,160)"/>'
    '<g transform="translate(95,15)"><rect width="38" height="38" fill="white"/></g>'
)


def saved(picture: Image.Image, **how: Any) -> Callable[[Path], None]:
    return lambda path: picture.save(path, **how)


def written(text: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(text)

    return write


def pdf_of(content: bytes, resources: Callable[[Pdf], Dictionary] = lambda pdf: Dictionary()) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with Pdf.new() as pdf:
            page = pdf.add_blank_page(page_size=(141 * workshop.MM, 72 * workshop.MM))
            page.obj.Resources = resources(pdf)
            page.contents_add(b"q %f 0 0 %f 0 0 cm\n%b\nQ" % (workshop.MM, workshop.MM, content))
            pdf.save(path, deterministic_id=True)

    return write


BARE = b"0 0 0 0 k 95 19 38 38 re f\n"


def rgb_picture(pdf: Pdf) -> Dictionary:
    data = halves("RGB", LEFT_RGB, RIGHT_RGB).tobytes()
    image = pdf.make_stream(
        data, Type=Name.XObject, Subtype=Name.Image, Width=PIXELS[0], Height=PIXELS[1], BitsPerComponent=8,
        ColorSpace=Name.DeviceRGB,
    )  # fmt: skip
    return Dictionary(XObject=Dictionary(Im=image))


def adobe_profile(pdf: Pdf) -> Dictionary:
    stream = pdf.make_stream(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), N=3)
    return Dictionary(ColorSpace=Dictionary(Cs=Array([Name.ICCBased, stream])))


RGB = [200 / 255, 40 / 255, 60 / 255], [30 / 255, 90 / 255, 160 / 255]
IN_RGB = b"%f %f %f %%b 0 0 70.5 72 re f %f %f %f %%b 70.5 0 70.5 72 re f\n" % (*RGB[0], *RGB[1])
FORMATS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a PNG": ("art.png", saved(halves("RGB", LEFT_RGB, RIGHT_RGB))),
    "a PNG with holes": ("art.png", saved(halves("RGBA", (*LEFT_RGB, 255), (*RIGHT_RGB, 255)))),
    "a TIFF": ("art.tif", saved(halves("RGB", LEFT_RGB, RIGHT_RGB), compression="tiff_lzw")),
    "a TIFF on its side": ("art.tiff", saved(halves("RGB", LEFT_RGB, RIGHT_RGB).transpose(Image.Transpose.ROTATE_90), exif={274: 6})),
    "a JPEG": ("art.jpg", saved(halves("RGB", LEFT_RGB, RIGHT_RGB), quality=98, subsampling=0)),
    "an SVG": ("art.svg", written(SVG)),
    "a PDF in RGB": ("art.pdf", pdf_of(IN_RGB % (b"rg", b"rg") + BARE)),
    "a PDF with a profile": ("art.pdf", pdf_of(b"/Cs cs " + IN_RGB % (b"sc", b"scn") + BARE, adobe_profile)),
    "a PDF of a picture": ("art.pdf", pdf_of(b"q 141 0 0 72 0 0 cm /Im Do Q", rgb_picture)),
}  # fmt: skip
IN_CMYK: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a CMYK TIFF": ("art.tif", saved(halves("CMYK", LEFT_CMYK, RIGHT_CMYK))),
    "a CMYK TIFF of another press": ("art.tif", saved(halves("CMYK", LEFT_CMYK, RIGHT_CMYK), icc_profile=separation.press_profile())),
    "a CMYK JPEG as Adobe writes it": ("art.jpeg", saved(halves("CMYK", LEFT_CMYK, RIGHT_CMYK), quality=98)),
}  # fmt: skip


def bring(folder: Path, name: str, write: Callable[[Path], None], designs: Path) -> Path:
    """The plain front with this art instead of its own."""
    target = folder / "designs"
    shutil.copytree(designs, target)
    front = target / "plain"
    (front / "art.pdf").unlink()
    write(front / name)
    (front / "design.toml").write_text((front / "design.toml").read_text().replace('"art.pdf"', f'"{name}"'))
    return front


def inks_at(front: Path, x_mm: float, y_mm: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Percent of each ink that lies at a place, from the top left of the trim."""
    row, column = (round((edge + 3) / 25.4 * 300) for edge in (y_mm, x_mm))
    found: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = side.cut(design.load(front)).plates[row, column] / 2.55
    return found


@pytest.mark.parametrize("kind", FORMATS)
def test_colours_of_a_screen_become_the_inks_that_littlecms_gives(kind: str, designs: Path, tmp_path: Path) -> None:
    front = bring(tmp_path, *FORMATS[kind], designs)
    for x_mm, rgb in ((20, LEFT_RGB), (88, RIGHT_RGB)):
        assert inks_at(front, x_mm, 30) == pytest.approx(in_inks(rgb), abs=2 if "JPEG" in kind else 0.6)
    assert not inks_at(front, 110, 33).any()


@pytest.mark.parametrize("kind", IN_CMYK)
def test_inks_that_were_chosen_are_kept_number_by_number(kind: str, designs: Path, tmp_path: Path) -> None:
    front = bring(tmp_path, *IN_CMYK[kind], designs)
    for x_mm, inks in ((20, LEFT_CMYK), (88, RIGHT_CMYK)):
        assert inks_at(front, x_mm, 30) == pytest.approx(
            [part / 2.55 for part in inks], abs=2 if "JPEG" in kind else 0.6
        )


@pytest.mark.parametrize(
    "kind", ["a PNG", "a TIFF on its side", "an SVG", "a PDF with a profile", "a CMYK JPEG as Adobe writes it"]
)
def test_a_job_with_any_art_composes_and_reads_back(kind: str, designs: Path, tmp_path: Path) -> None:
    front = bring(tmp_path, *{**FORMATS, **IN_CMYK}[kind], designs)
    job = workshop.write_job(tmp_path / "job.zip", front.parent, quantity=12, bundle_size=12)
    for out in ("one", "two"):
        compose(job, tmp_path / out)
    (file,), (again,) = ((tmp_path / out / "press").glob("*.pdf") for out in ("one", "two"))
    assert file.read_bytes() == again.read_bytes()
    assert faults(tmp_path / "one") == []
    assert len({code.text for code in workshop.qrs_in(picture.rasterise(file.read_bytes(), dpi=200))}) == 12


@GHOSTSCRIPT
@pytest.mark.parametrize(
    "kind", ["a PNG", "an SVG", "a PDF with a profile", "a CMYK TIFF", "a CMYK JPEG as Adobe writes it"]
)
def test_ghostscript_separates_a_press_file_into_the_same_inks(kind: str, designs: Path, tmp_path: Path) -> None:
    front = bring(tmp_path, *{**FORMATS, **IN_CMYK}[kind], designs)
    job = workshop.write_job(tmp_path / "job.zip", front.parent, quantity=1, bundle_size=1)
    compose(job, tmp_path / "out", pages=True)
    (file,) = (tmp_path / "out" / "press").glob("*.pdf")
    out = tmp_path / "page.tif"
    done = subprocess.run(
        ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-dFirstPage=1", "-dLastPage=1", "-sDEVICE=tiff32nc", "-r100", f"-sOutputFile={out}", file],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    seen = np.asarray(Image.open(out))
    row, column = round(33 / 25.4 * 100), round(23 / 25.4 * 100)
    wanted = [part / 2.55 for part in LEFT_CMYK] if "CMYK" in kind else in_inks(LEFT_RGB)
    assert seen[row, column] / 2.55 == pytest.approx(wanted, abs=2)


def test_a_grey_of_rgb_is_black_ink_alone(designs: Path, tmp_path: Path) -> None:
    front = bring(
        tmp_path,
        "art.pdf",
        pdf_of(b"0 0 0 rg 0 0 40 72 re f 0.5 0.5 0.5 rg 40 0 40 72 re f 1 1 1 rg 80 0 61 72 re f"),
        designs,
    )
    assert inks_at(front, 10, 30) == pytest.approx([0, 0, 0, 100], abs=0.5)
    cyan, magenta, yellow, black = inks_at(front, 50, 30)
    assert (cyan, magenta, yellow) == (0, 0, 0)
    assert 35 < black < 65
    assert not inks_at(front, 110, 33).any()


def test_no_converted_colour_has_more_ink_than_dries() -> None:
    steps = np.linspace(0, 255, 18).astype(np.uint8)
    every = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
    assert separation.inked(every).astype(int).sum(axis=1).max() <= 300 * 2.55


def test_a_gradient_in_rgb_is_a_gradient_in_ink(designs: Path, tmp_path: Path) -> None:
    body = (
        '<defs><linearGradient id="g"><stop offset="0" stop-color="#c8283c"/><stop offset="1" stop-color="#1e5aa0"/>'
        '</linearGradient></defs><rect width="141" height="72" fill="url(#g)"/>'
    )
    front = bring(tmp_path, "art.svg", written(svg(body)), designs)
    assert inks_at(front, -2.5, 30) == pytest.approx(in_inks(LEFT_RGB), abs=4)
    assert inks_at(front, 137, 30) == pytest.approx(in_inks(RIGHT_RGB), abs=4)
    assert b"/DeviceRGB" not in side.cut(design.load(front)).page


def test_a_drawing_stays_lines_and_has_no_picture(designs: Path, tmp_path: Path) -> None:
    front = bring(tmp_path, *FORMATS["an SVG"], designs)
    with brought.page(design.load(front)) as pdf:
        kinds = [item.get("/Subtype") for item in pdf.objects if isinstance(item, pikepdf.Stream)]
    assert Name.Image not in kinds


def spot(alternate: Name, solid: list[float]) -> Callable[[Pdf], Dictionary]:
    def resources(pdf: Pdf) -> Dictionary:
        recipe = Dictionary(
            FunctionType=2, Domain=[0, 1], C0=[1, 1, 1] if len(solid) == 3 else [0, 0, 0, 0], C1=solid, N=1
        )
        return Dictionary(ColorSpace=Dictionary(Sp=Array([Name.Separation, Name("/PANTONE 485 C"), alternate, recipe])))

    return resources


@pytest.mark.parametrize(
    ("alternate", "solid"),
    [(Name.DeviceCMYK, [0, 0.95, 1, 0]), (Name.DeviceRGB, [0.85, 0.16, 0.11])],
    ids=["CMYK", "RGB"],
)
def test_a_spot_colour_stays_one(alternate: Name, solid: list[float], designs: Path, tmp_path: Path) -> None:
    front = bring(tmp_path, "art.pdf", pdf_of(b"/Sp cs 1 scn 0 0 80 72 re f", spot(alternate, solid)), designs)
    seen = side.cut(design.load(front))
    assert makeup.spots(seen) == ["PANTONE 485 C"]
    assert [fault for fault in preflight.of_art(seen.page, "art") if fault.rule == "rgb"] == []
    assert inks_at(front, 10, 30)[1] > 80


def test_the_shipped_art_goes_into_press_files_byte_for_byte() -> None:
    for name in design.names(design.default_folder()):
        found = design.find(name, design.default_folder())
        with brought.page(found) as pdf, pikepdf.open(found.art) as art:
            assert pdf.pages[0].Contents.read_bytes() == art.pages[0].Contents.read_bytes()


def mesh(pdf: Pdf) -> Dictionary:
    shading = pdf.make_stream(
        b"\0", ShadingType=4, ColorSpace=Name.DeviceRGB, BitsPerCoordinate=8, BitsPerComponent=8, BitsPerFlag=8,
        Decode=[0, 1, 0, 1, 0, 1, 0, 1, 0, 1],
    )  # fmt: skip
    return Dictionary(Shading=Dictionary(Sh=shading))


REFUSED: dict[str, tuple[str, Callable[[Path], None], str, str]] = {
    "a mesh in RGB": ("art.pdf", pdf_of(b"/Sh sh", mesh), "rgb", "a gradient that is a mesh"),
    "a PNG of the trim": ("art.png", saved(Image.new("RGB", (1350, 660))), "no-bleed", "so it has no bleed: draw it 141 x 72 mm"),
    "a square PNG": ("art.png", saved(Image.new("RGB", (800, 800))), "size", "is 800 by 800, which is not the shape"),
    "a square SVG": ("art.svg", written(svg("", "0 0 9 9")), "size", "not the shape"),
    "an SVG of no size": ("art.svg", written('<svg xmlns="http://www.w3.org/2000/svg"/>'), "art", "viewBox"),
    "an empty PDF": ("art.pdf", lambda path: Pdf.new().save(path), "art", "has no page"),
    "a picture of heights": ("art.tif", saved(Image.new("F", PIXELS)), "art", "save it in CMYK, RGB or greyscale"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_art_that_cannot_be_printed_with_certainty_is_refused(kind: str, designs: Path, tmp_path: Path) -> None:
    name, write, rule, says = REFUSED[kind]
    front = bring(tmp_path, name, write, designs)
    with pytest.raises(BadDesign, match=says) as refused:
        side.cut(design.load(front))
    assert str(refused.value).startswith(f"{name} of plain ")
    assert [fault.rule for fault in faults(front)][:1] == [rule]


def test_plates_show_what_lies_under_nothing_as_paper(tmp_path: Path) -> None:
    pdf_of(b"0 0 70 72 re f")(tmp_path / "art.pdf")
    seen = plates.expose((tmp_path / "art.pdf").read_bytes(), 50)
    assert (seen[:, 10] == [0, 0, 0, 255]).all()
    assert not seen[:, -10].any()
