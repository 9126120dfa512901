// SPDX-License-Identifier: GPL-2.0
/*
 * panel-watch: the test's eyes. Prints what the kernel has on the lines of the panel, fifty times a second: milliseconds since the machine
 * started (the clock of /proc/uptime), then red, green, blue and buzzer, e.g. "12345 0100" for green and silent. A buzzer that was on at
 * any look since the last line counts as on: it is switched some thousand times a second to sound.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LOOK_NS 5000000
#define LOOKS 4

static int open_line(int number)
{
	char path[80];
	int line;

	snprintf(path, sizeof path, "/sys/devices/platform/gpio-sim.0/gpiochip0/sim_gpio%d/value", number);
	line = open(path, O_RDONLY);
	if (line < 0) {
		perror(path);
		exit(1);
	}
	return line;
}

static char value(int line)
{
	char read;

	return pread(line, &read, 1, 0) == 1 ? read : '?';
}

int main(void)
{
	int red = open_line(17), green = open_line(27), blue = open_line(22), buzzer = open_line(6);
	struct timespec look = { .tv_nsec = LOOK_NS }, at;
	char text[40], sound;
	int i, length;

	for (;;) {
		for (sound = '0', i = 0; i < LOOKS; i++) {
			nanosleep(&look, NULL);
			if (value(buzzer) == '1')
				sound = '1';
		}
		clock_gettime(CLOCK_BOOTTIME, &at);
		length = snprintf(text, sizeof text, "%lld %c%c%c%c\n", at.tv_sec * 1000LL + at.tv_nsec / 1000000,
			value(red), value(green), value(blue), sound);
		if (write(STDOUT_FILENO, text, length) != length)
			return 1;
	}
}
