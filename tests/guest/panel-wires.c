// SPDX-License-Identifier: GPL-2.0
/*
 * panel-wires: the buses of a front panel for a machine that has none. An I2C bus on which the addresses of displays answer, and an SPI
 * bus with a spidev, both through the kernel's own bus code; what was written to each device is read from debugfs: panel-wires/i2c-27,
 * panel-wires/i2c-3c, panel-wires/spi.
 *
 * i2c-stub would not do: it knows SMBus commands only, and the panel's driver writes bytes as I2C messages.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/spi/spi.h>

/* A display is written when what it says changes: this holds hundreds of changes. A strip is written twenty times a second. */
#define I2C_BYTES (1 << 18)
#define SPI_BYTES (1 << 14)

static ushort absent;
module_param(absent, ushort, 0644);
MODULE_PARM_DESC(absent, "an address on the I2C bus where nothing answers (any more); 0: all do");

struct wire {
	struct mutex lock;
	size_t length;
	size_t most;
	u8 *bytes;
};

#define WIRE(name, size) \
	static u8 name##_bytes[size]; \
	static struct wire name = { .lock = __MUTEX_INITIALIZER(name.lock), .most = size, .bytes = name##_bytes }

WIRE(character_display, I2C_BYTES);
WIRE(graphic_display, I2C_BYTES);
WIRE(strip_wire, SPI_BYTES);

/* One line for each device on the I2C bus: a PCF8574 as displays of characters carry it, and an SSD1306. */
static const struct i2c_part {
	u16 address;
	const char *file;
	struct wire *wire;
} i2c_parts[] = {
	{ 0x27, "i2c-27", &character_display },
	{ 0x3c, "i2c-3c", &graphic_display },
};

static struct platform_device *body;
static struct spi_controller *spi;
static struct dentry *folder;

/* When a recording is full it begins again, with a whole message: what counts is what came last. */
static void record(struct wire *wire, const u8 *from, size_t count)
{
	mutex_lock(&wire->lock);
	if (wire->length + count > wire->most)
		wire->length = 0;
	count = min_t(size_t, count, wire->most);
	memcpy(wire->bytes + wire->length, from, count);
	wire->length += count;
	mutex_unlock(&wire->lock);
}

static struct wire *wire_at(u16 address)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(i2c_parts); i++) {
		if (i2c_parts[i].address == address && address != absent)
			return i2c_parts[i].wire;
	}
	return NULL;
}

static int i2c_transfer_all(struct i2c_adapter *adapter, struct i2c_msg *messages, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		struct wire *wire = wire_at(messages[i].addr);

		if (!wire)
			return -ENXIO;
		if (messages[i].flags & I2C_M_RD)
			memset(messages[i].buf, 0xff, messages[i].len);
		else
			record(wire, messages[i].buf, messages[i].len);
	}
	return count;
}

static u32 i2c_functions(struct i2c_adapter *adapter)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm i2c_algorithm = {
	.master_xfer = i2c_transfer_all,
	.functionality = i2c_functions,
};

static struct i2c_adapter i2c = {
	.owner = THIS_MODULE,
	.name = "panel-wires",
	.nr = 1,
	.algo = &i2c_algorithm,
};

static int spi_transfer_one_part(struct spi_controller *controller, struct spi_device *device, struct spi_transfer *transfer)
{
	if (transfer->tx_buf)
		record(&strip_wire, transfer->tx_buf, transfer->len);
	if (transfer->rx_buf)
		memset(transfer->rx_buf, 0, transfer->len);
	return 0;
}

/* spidev takes the names of some devices that have no driver of their own; this is the first of its list. */
static struct spi_board_info strip = { .modalias = "dh2228fv", .max_speed_hz = 10000000, .chip_select = 0 };

static ssize_t wire_read(struct file *file, char __user *to, size_t count, loff_t *at)
{
	struct wire *wire = file->private_data;
	ssize_t read;

	mutex_lock(&wire->lock);
	read = simple_read_from_buffer(to, count, at, wire->bytes, wire->length);
	mutex_unlock(&wire->lock);
	return read;
}

static const struct file_operations wire_file = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = wire_read,
};

static int __init wires_init(void)
{
	int failed, i;

	body = platform_device_register_simple("panel-wires", -1, NULL, 0);
	if (IS_ERR(body))
		return PTR_ERR(body);
	i2c.dev.parent = &body->dev;
	failed = i2c_add_numbered_adapter(&i2c);
	if (failed)
		goto no_i2c;
	spi = spi_alloc_master(&body->dev, 0);
	failed = -ENOMEM;
	if (!spi)
		goto no_spi;
	spi->bus_num = 0;
	spi->num_chipselect = 1;
	spi->mode_bits = SPI_CPOL | SPI_CPHA;
	spi->transfer_one = spi_transfer_one_part;
	failed = spi_register_controller(spi);
	if (failed) {
		spi_controller_put(spi);
		goto no_spi;
	}
	failed = -ENODEV;
	if (!spi_new_device(spi, &strip))
		goto no_strip;
	folder = debugfs_create_dir("panel-wires", NULL);
	for (i = 0; i < ARRAY_SIZE(i2c_parts); i++)
		debugfs_create_file(i2c_parts[i].file, 0400, folder, i2c_parts[i].wire, &wire_file);
	debugfs_create_file("spi", 0400, folder, &strip_wire, &wire_file);
	return 0;

no_strip:
	spi_unregister_controller(spi);
no_spi:
	i2c_del_adapter(&i2c);
no_i2c:
	platform_device_unregister(body);
	return failed;
}
module_init(wires_init);

static void __exit wires_exit(void)
{
	debugfs_remove_recursive(folder);
	spi_unregister_controller(spi);
	i2c_del_adapter(&i2c);
	platform_device_unregister(body);
}
module_exit(wires_exit);

MODULE_DESCRIPTION("Buses of a front panel that remember what was written");
MODULE_LICENSE("GPL");
