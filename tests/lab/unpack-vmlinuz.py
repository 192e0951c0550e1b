#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""unpack-vmlinuz.py VMLINUZ VMLINUX: the ELF file inside an x86 bzImage.

Xen and xl start such a file directly. The place of the compressed payload is
in the boot header (Documentation/x86/boot.rst: payload_offset, payload_length).
"""
import lzma
import struct
import subprocess
import sys

SETUP_SECTS, PAYLOAD = 0x1F1, 0x248


def unpack(payload):
    if payload.startswith(b"\xfd7zXZ"):
        return lzma.LZMADecompressor().decompress(payload)
    if payload.startswith(b"\x28\xb5\x2f\xfd"):
        # the last four bytes are the size of the result, not zstd's
        return subprocess.run(["zstd", "-dc"], input=payload[:-4], check=True,
                              stdout=subprocess.PIPE).stdout
    sys.exit("unpack-vmlinuz: neither xz nor zstd")


def main():
    with open(sys.argv[1], "rb") as file:
        image = file.read()
    offset, length = struct.unpack_from("<II", image, PAYLOAD)
    offset += (image[SETUP_SECTS] + 1) * 512
    kernel = unpack(image[offset:offset + length])
    if not kernel.startswith(b"\x7fELF"):
        sys.exit("unpack-vmlinuz: no ELF file inside")
    with open(sys.argv[2], "wb") as file:
        file.write(kernel)


main()
