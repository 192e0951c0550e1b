/* SPDX-License-Identifier: GPL-2.0 */
/* Strict parsers of the texts a toolstack or a peer leaves in xenstore. */
#ifndef XENNET_TEXT_H
#define XENNET_TEXT_H

#include <xennet/types.h>

/**
 * text_u64() - read an unsigned decimal number
 * @s: text; on success moved behind the digits
 * @max: largest value accepted
 * @val: result
 *
 * No sign, no space, at least one digit.
 *
 * Return: 0, -EINVAL, or -ERANGE above @max.
 */
static inline int text_u64(const char **s, u64 max, u64 *val)
{
	const char *p = *s;
	u64 v = 0;

	if (*p < '0' || *p > '9')
		return -EINVAL;
	for (; *p >= '0' && *p <= '9'; p++) {
		u64 digit = *p - '0';

		if (v > (max - digit) / 10 || digit > max)
			return -ERANGE;
		v = v * 10 + digit;
	}
	*s = p;
	*val = v;
	return 0;
}

/**
 * text_hex() - value of a hexadecimal digit
 * @c: character
 *
 * Return: 0 to 15, or -1 when it is no digit.
 */
static inline int text_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/**
 * text_mac() - read a MAC address, "00:16:3e:00:00:01"
 * @s: text: six groups of one or two hexadecimal digits, nothing else
 * @mac: result; untouched on error
 *
 * Return: 0, or -EINVAL: malformed, a multicast address, or all zero.
 */
static inline int text_mac(const char *s, u8 mac[6])
{
	u8 out[6], sum = 0;
	int i;

	for (i = 0; i < 6; i++) {
		int hi, lo = text_hex(*s);

		if (lo < 0)
			return -EINVAL;
		hi = text_hex(*++s);
		if (hi >= 0) {
			lo = lo << 4 | hi;
			s++;
		}
		if (*s != (i < 5 ? ':' : '\0'))
			return -EINVAL;
		s++;
		out[i] = lo;
		sum |= lo;
	}
	if (out[0] & 1 || !sum)
		return -EINVAL;
	memcpy(mac, out, sizeof(out));
	return 0;
}

/**
 * text_rate() - read the toolstack's rate key, "bytes,usec"
 * @s: text
 * @bytes: allowance per period, in bytes
 * @usec: period, in microseconds; 0 means unlimited
 *
 * Source: libxl writes it from "rate=" of a vif; up to 2^32 - 1 each.
 *
 * Return: 0, or -EINVAL/-ERANGE with both results untouched.
 */
static inline int text_rate(const char *s, u32 *bytes, u32 *usec)
{
	u64 b, u;
	int err;

	err = text_u64(&s, U32_MAX, &b);
	if (err)
		return err;
	if (*s++ != ',')
		return -EINVAL;
	err = text_u64(&s, U32_MAX, &u);
	if (err)
		return err;
	if (*s)
		return -EINVAL;
	*bytes = b;
	*usec = u;
	return 0;
}

#endif /* XENNET_TEXT_H */
