"""Writes src/formats/pictures/fixtures: one small picture in each form that files have, and its pixels as Pillow reads them.

Needs Pillow (Debian's python3-pil); run it from the repository's root.
"""

import json
import struct
import zlib
from pathlib import Path

from PIL import Image, ImageSequence

FOLDER = Path("src/formats/pictures/fixtures")
WIDTH, HEIGHT = 11, 9


def picture(shift=0):
    """Smooth colours with one sharp corner."""
    image = Image.new("RGB", (WIDTH, HEIGHT))
    for y in range(HEIGHT):
        for x in range(WIDTH):
            red = 255 if x > 8 and y > 6 else 20 * x
            image.putpixel((x, y), (red, 25 * y, (120 + 9 * (x - y) + shift) % 256))
    return image


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_png16(path):
    """RGB of 16 bits, which Pillow cannot write: low bytes that rounding must not carry over."""
    rows = b""
    for y in range(HEIGHT):
        rows += b"\0"
        for x in range(WIDTH):
            rows += struct.pack(">HHH", 257 * 20 * x, 257 * 25 * y, 257 * 100)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 16, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def write_bmp(path, bits, rows, width, height, palette=b"", compression=0, masks=b"", core=False):
    """`rows` from the bottom up, or from the top down for a negative height."""
    size = 12 if core else 40
    offset = 14 + size + len(masks) + len(palette)
    if core:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        colours = len(palette) // 4
        info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(rows), 2835, 2835, colours, 0)
    head = b"BM" + struct.pack("<IHHI", offset + len(rows), 0, 0, offset)
    path.write_bytes(head + info + masks + palette + rows)


def write_ycck(image, path):
    """Pillow writes no YCCK: CMYK whose values are those of YCCK, which the marker of Adobe says after all."""
    ycck = Image.new("CMYK", image.size)
    for y in range(HEIGHT):
        for x in range(WIDTH):
            *ink, black = image.getpixel((x, y))
            luma = Image.new("RGB", (1, 1), tuple(ink)).convert("YCbCr").getpixel((0, 0))
            ycck.putpixel((x, y), (*(255 - value for value in luma), black))
    ycck.save(path, quality=97, subsampling=0)
    data = bytearray(path.read_bytes())
    data[data.index(b"Adobe") + 11] = 2
    path.write_bytes(data)


def padded(row):
    return row + b"\0" * (-len(row) % 4)


def write_bitmaps(image):
    image.save(FOLDER / "rgb24.bmp")
    image.convert("L").save(FOLDER / "grey8.bmp")
    image.quantize(16).save(FOLDER / "palette8.bmp")
    image.convert("1").save(FOLDER / "black1.bmp")
    image.convert("RGBA").save(FOLDER / "rgba32.bmp")
    pixels = image.load()
    down = b"".join(
        padded(b"".join(bytes(pixels[x, y][::-1]) for x in range(WIDTH))) for y in range(HEIGHT)
    )
    write_bmp(FOLDER / "topdown24.bmp", 24, down, WIDTH, -HEIGHT)
    indexed = image.quantize(16)
    colours = indexed.getpalette()[:48]
    quads = b"".join(bytes((colours[3 * i + 2], colours[3 * i + 1], colours[3 * i], 0)) for i in range(16))
    rows = b""
    for y in reversed(range(HEIGHT)):
        row = [indexed.getpixel((x, y)) for x in range(WIDTH)] + [0]
        rows += padded(bytes(row[i] << 4 | row[i + 1] for i in range(0, WIDTH, 2)))
    write_bmp(FOLDER / "palette4.bmp", 4, rows, WIDTH, HEIGHT, palette=quads)
    rows = b""
    for y in reversed(range(HEIGHT)):
        line = b""
        for x in range(WIDTH):
            red, green, blue = pixels[x, y]
            line += struct.pack("<H", (red >> 3) << 11 | (green >> 2) << 5 | blue >> 3)
        rows += padded(line)
    masks = struct.pack("<III", 0xF800, 0x07E0, 0x001F)
    write_bmp(FOLDER / "fields16.bmp", 16, rows, WIDTH, HEIGHT, compression=3, masks=masks)


def main():
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.iterdir():
        path.unlink()
    image = picture()
    grey, indexed = image.convert("L"), image.quantize(32)
    clear = image.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize((WIDTH, HEIGHT)))

    image.save(FOLDER / "baseline.jpg", quality=95)
    image.save(FOLDER / "progressive.jpg", quality=95, progressive=True)
    grey.save(FOLDER / "grey.jpg", quality=95)
    ink = image.convert("CMYK")
    for x in range(WIDTH):
        ink.putpixel((x, 4), (*ink.getpixel((x, 4))[:3], 20 * x))
    ink.save(FOLDER / "cmyk.jpg", quality=97, subsampling=0)
    write_ycck(ink, FOLDER / "ycck.jpg")

    image.save(FOLDER / "rgb.png")
    indexed.save(FOLDER / "palette.png")
    grey.save(FOLDER / "grey.png")
    image.convert("1").save(FOLDER / "black.png")
    write_png16(FOLDER / "rgb16.png")
    Image.frombytes("I;16", (WIDTH, HEIGHT), b"".join(
        struct.pack("<H", 257 * 21 * x) for _ in range(HEIGHT) for x in range(WIDTH)
    )).save(FOLDER / "grey16.png")

    clear.save(FOLDER / "clear.webp", lossless=True, exact=True)
    others = [picture(80), picture(160)]
    image.save(FOLDER / "animated.webp", save_all=True, append_images=others, lossless=True)
    image.save(FOLDER / "animatedlossy.webp", save_all=True, append_images=others, quality=90)
    clear.save(FOLDER / "animatedclear.webp", save_all=True, append_images=[clear.rotate(180)], lossless=True, exact=True)

    indexed.save(FOLDER / "still.gif")
    indexed.save(FOLDER / "interlaced.gif", interlace=1)
    indexed.save(FOLDER / "animated.gif", save_all=True, append_images=[other.quantize(32) for other in others])
    see = indexed.copy()
    see.info["transparency"] = 3
    see.save(FOLDER / "clear.gif", transparency=3)

    write_bitmaps(image)

    image.save(FOLDER / "rgb.tif")
    image.save(FOLDER / "rgblzw.tif", compression="tiff_lzw")
    image.save(FOLDER / "rgbdeflate.tif", compression="tiff_adobe_deflate")
    grey.save(FOLDER / "grey.tif")
    indexed.save(FOLDER / "palette.tif")
    clear.save(FOLDER / "clear.tif")
    Image.frombytes("I;16", (WIDTH, HEIGHT), b"".join(
        struct.pack("<H", 257 * 21 * x) for _ in range(HEIGHT) for x in range(WIDTH)
    )).save(FOLDER / "grey16.tif")
    image.save(FOLDER / "pages.tif", save_all=True, append_images=others)

    image.save(FOLDER / "rgb.ppm")
    grey.save(FOLDER / "grey.pgm")
    image.convert("1").save(FOLDER / "black.pbm")
    wide = b"P5\n# a comment\n%d %d\n65535\n" % (WIDTH, HEIGHT)
    (FOLDER / "grey16.pgm").write_bytes(
        wide + b"".join(struct.pack(">H", 257 * 21 * x) for _ in range(HEIGHT) for x in range(WIDTH))
    )
    text = " ".join(str(value) for pixel in image.getdata() for value in pixel)
    (FOLDER / "text.ppm").write_text(f"P3 {WIDTH} {HEIGHT} # size\n255\n{text}\n")

    # JSON has no room for the widths of pictures of 16 bits, which Pillow reads without making bytes of them.
    expected = {}
    for path in sorted(FOLDER.iterdir()):
        opened = next(ImageSequence.Iterator(Image.open(path)))
        if opened.mode.startswith("I"):
            values = [round(value / 257) for value in opened.getdata() for _ in range(3)]
        else:
            white = Image.new("RGBA", opened.size, (255, 255, 255, 255))
            rgba = opened.convert("RGBA") if opened.mode != "CMYK" else opened.convert("RGB").convert("RGBA")
            values = [value for pixel in Image.alpha_composite(white, rgba).convert("RGB").getdata() for value in pixel]
        expected[path.name] = bytes(values).hex()
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


main()
