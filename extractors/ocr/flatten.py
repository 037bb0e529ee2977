"""Photographs of paper that lies on something darker: the paper is found, cut out and made rectangular.

Only where it is sure: a scan that fills its image, or white paper on white, stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workitems.items import Box

if TYPE_CHECKING:
    from PIL.Image import Image

Corners = tuple[tuple[float, float], ...]  # four, in fractions of the image, clockwise from the upper left one

SMALL_SIDE = 400  # the paper is looked for on an image of this long side
LEAST_AREA, MOST_AREA = 0.2, 0.93  # share of the image that the paper covers; more is hardly worth cutting
LEAST_FIT = 0.93  # how much of the bright patch and of the four-sided shape around it is the same
LEAST_STEP = 45  # grey levels by which the paper is brighter than what surrounds it
LEAST_SIDE = 0.25  # of the image's long side: narrower patches are no paper
REACH, STEP = 14, 6  # pixels of the small image: how far light is followed over a side, and how wide a paper's edge is
SHARP = 0.7  # how much of the change over a side lies within its edge; a shadow's edge, which is soft, has half of it
EDGE = 3  # pixels of the small image: a patch that touches the edge there is cut off by it


def flattened(image: Image) -> tuple[Image, Corners | None]:
    """The paper alone, rectangular, and where its corners lay; the image itself and None where that is not sure."""
    corners = paper_corners(image)
    if corners is None:
        return image, None
    import cv2
    import numpy
    from PIL import Image as Images

    points = numpy.array(corners, dtype=numpy.float32) * [image.width, image.height]
    wide = round(max(_distance(points[0], points[1]), _distance(points[3], points[2])))
    high = round(max(_distance(points[0], points[3]), _distance(points[1], points[2])))
    matrix = cv2.getPerspectiveTransform(points.astype(numpy.float32), _rectangle(wide, high))
    pixels = numpy.asarray(image.convert("RGB"))
    flat = cv2.warpPerspective(pixels, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Images.fromarray(flat), corners


def box_in_photograph(box: Box, corners: Corners) -> Box:
    """Where a box on the flattened page lies on the photograph (the smallest upright box around it)."""
    import cv2
    import numpy

    matrix = cv2.getPerspectiveTransform(_rectangle(1, 1), numpy.array(corners, dtype=numpy.float32))
    x0, y0, x1, y1 = box
    ends = numpy.array([[[x0, y0], [x1, y0], [x1, y1], [x0, y1]]], dtype=numpy.float32)
    found = cv2.perspectiveTransform(ends, matrix)[0]
    (left, top), (right, bottom) = found.min(axis=0), found.max(axis=0)
    return tuple(min(max(float(side), 0.0), 1.0) for side in (left, top, right, bottom))  # type: ignore[return-value]


def paper_corners(image: Image) -> Corners | None:
    """The corners of the one sheet of paper on the photograph; None where there is none for sure."""
    import cv2
    import numpy

    small = image.convert("L")
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    grey = numpy.asarray(small)
    high, wide = grey.shape
    soft = cv2.medianBlur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, numpy.ones((7, 7), numpy.uint8)), 5)  # print away
    _, bright = cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    patch = max(contours, key=cv2.contourArea, default=None)
    if patch is None or not LEAST_AREA <= cv2.contourArea(patch) / (wide * high) <= MOST_AREA:
        return None
    points = _four_corners(cv2.convexHull(patch))
    if points is None or not _is_paper(soft, patch, points) or not _is_sharp(cv2.medianBlur(grey, 3), points):
        return None
    return tuple((float(x) / wide, float(y) / high) for x, y in points)


def _four_corners(hull: Any) -> Any:
    """The four-sided shape that is nearest to the patch, from the upper left corner on; None if it has another."""
    import cv2
    import numpy

    length = cv2.arcLength(hull, True)
    for share in (0.02, 0.03, 0.04, 0.06):
        shape = cv2.approxPolyDP(hull, share * length, True)
        if len(shape) == 4:
            points = shape.reshape(4, 2).astype(numpy.float32)
            middle = points.mean(axis=0)
            turned = points[numpy.argsort(numpy.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0]))]
            return numpy.roll(turned, -int(numpy.argmin(turned.sum(axis=1))), axis=0)
    return None


def _is_paper(grey: Any, patch: Any, points: Any) -> bool:
    """Whether the shape fits the bright patch, lies inside the image, and what surrounds it is clearly darker."""
    import cv2
    import numpy

    high, wide = grey.shape
    inside, shape = (numpy.zeros(grey.shape, numpy.uint8) for _ in range(2))
    cv2.drawContours(inside, [patch], -1, 1, cv2.FILLED)
    cv2.fillConvexPoly(shape, points.astype(numpy.int32), 1)
    both, either = int((inside & shape).sum()), int((inside | shape).sum())
    lengths = [_distance(points[i], points[(i + 1) % 4]) for i in range(4)]
    outside = grey[shape == 0]
    free = [
        points[:, 0].min() > EDGE,
        points[:, 1].min() > EDGE,
        points[:, 0].max() < wide - EDGE,
        points[:, 1].max() < high - EDGE,
    ]
    return (
        both >= LEAST_FIT * either
        and min(lengths) >= LEAST_SIDE * max(wide, high)
        and sum(free) >= 2  # a desk shows on two sides at least; a shadow along one is none
        and float(numpy.median(grey[shape == 1])) - float(numpy.percentile(outside, 75)) >= LEAST_STEP
    )


def _is_sharp(grey: Any, points: Any) -> bool:
    """Whether all sides are edges of something; the edge of a shadow on the paper is not, and what lies in the shadow
    would be cut off."""
    import numpy

    middle = points.mean(axis=0)
    for start, end in zip(points, numpy.roll(points, -1, axis=0), strict=True):
        along = (end - start) / max(_distance(start, end), 1.0)
        inward = numpy.array([-along[1], along[0]])
        inward = inward if (middle - start) @ inward > 0 else -inward
        light = _light_across(grey, start + (end - start) * numpy.linspace(0.08, 0.92, 60)[:, None], inward)
        if len(light) < REACH + STEP + 2:
            continue  # the side lies at the image's edge
        whole = float(light[-STEP:].mean() - light[:STEP].mean())
        if float((light[STEP:] - light[:-STEP]).max()) < SHARP * whole:
            return False
    return True


def _light_across(grey: Any, side: Any, inward: Any) -> Any:
    """The usual grey level at each distance from a side, from REACH outside (or the image's edge) to REACH inside."""
    import numpy

    found = []
    for step in range(-REACH, REACH + 1):
        x, y = numpy.rint(side + step * inward).astype(int).T
        held = (x >= 0) & (y >= 0) & (x < grey.shape[1]) & (y < grey.shape[0])
        if 2 * held.sum() > len(held):
            found.append(numpy.median(grey[y[held], x[held]]))
    return numpy.array(found, dtype=numpy.float32)


def _rectangle(wide: float, high: float) -> Any:
    import numpy

    return numpy.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=numpy.float32)


def _distance(one: Any, other: Any) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)
