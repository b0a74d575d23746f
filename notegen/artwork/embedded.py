"""Pictures that are embedded in a drawing as `data:`."""

import base64
import binascii
from io import BytesIO
from urllib.parse import unquote_to_bytes

from PIL import Image

from notegen.artwork.pixels import MOST_PIXELS, BadPicture
from notegen.artwork.silence import unwarned


def examine_picture(link: str) -> None:
    """Raise BadPicture when a data: link (RFC 2397) is not a PNG or JPEG of a bearable size."""
    head, comma, body = link.strip().partition(",")
    try:
        data = base64.b64decode(body) if head.endswith(";base64") else unquote_to_bytes(body)
        with unwarned(), Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
            many = picture.width * picture.height > MOST_PIXELS
    except Image.DecompressionBombError:
        many = True
    except (binascii.Error, ValueError, OSError, SyntaxError) as error:
        raise BadPicture("has a picture in it that is no PNG or JPEG, or is damaged: embed it again") from error
    if many or not comma:
        raise BadPicture(f"has a picture in it of more than {MOST_PIXELS // 10**6} million pixels: reduce it")
