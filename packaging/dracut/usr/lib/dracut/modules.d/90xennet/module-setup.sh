#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Installed by xennet: every image has netfront, and the modprobe.d file that has it loaded
# where xen-netfront would have been. Of a kernel that xennet has not been built for it has
# xen-netfront alone.

check()
{
	return 0
}

depends()
{
	return 0
}

installkernel()
{
	hostonly='' instmods netfront xen-netfront
}

install()
{
	inst_simple /etc/modprobe.d/xennet.conf
}
