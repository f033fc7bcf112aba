"""Small generated pictures of building sites: no photograph of a real place or person is used."""

from datetime import date
from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 420
SKIES = ("#cfe3f2", "#dfe6ea", "#f1e4cf", "#bcd7ee")
GROUND, CONCRETE, STEEL, CRANE = "#b59a72", "#a8adb3", "#6d7883", "#d9a01e"


def site_photo(day: date, percent: float, rng: Random) -> SimpleUploadedFile:
    """A PNG of a site that has grown with `percent` (0–100), with the day written on it as cameras do."""
    image = Image.new("RGB", (WIDTH, HEIGHT), rng.choice(SKIES))
    draw = ImageDraw.Draw(image)
    horizon = 320
    for left in range(0, WIDTH, 90):  # the town behind
        top = horizon - rng.randint(30, 110)
        draw.rectangle((left, top, left + rng.randint(40, 80), horizon), fill="#c5cdd4")
    draw.rectangle((0, horizon, WIDTH, HEIGHT), fill=GROUND)
    floors = 1 + int(percent / 12)
    for building in range(2):
        left, width = 90 + building * 270 + rng.randint(-20, 20), rng.randint(140, 200)
        for floor in range(floors - building):
            top = horizon + 20 - (floor + 1) * 30
            draw.rectangle((left, top, left + width, top + 26), fill=CONCRETE, outline=STEEL, width=2)
            if percent > 60:
                for window in range(left + 10, left + width - 16, 26):
                    draw.rectangle((window, top + 6, window + 14, top + 20), fill="#7fa3bd")
    if percent < 85:
        mast = rng.randint(280, 360)
        draw.rectangle((mast, 40, mast + 8, horizon + 20), fill=CRANE)
        draw.rectangle((mast - 180, 48, mast + 90, 56), fill=CRANE)
        draw.line((mast - 120, 56, mast - 120, 150), fill=STEEL, width=2)
    draw.rectangle((0, HEIGHT - 26, 150, HEIGHT), fill="#20262c")
    draw.text((8, HEIGHT - 20), f"{day:%Y-%m-%d} {rng.randint(8, 16):02d}:{rng.randint(0, 59):02d}", fill="#ffffff")
    buffer = BytesIO()
    image.quantize(32).save(buffer, "PNG", optimize=True)
    return SimpleUploadedFile(f"现场照片{day:%Y%m%d}.png", buffer.getvalue(), content_type="image/png")
