// SPDX-License-Identifier: GPL-2.0
/*
 * panel-wires: the buses of a front panel for a machine that has none. An I2C bus on which one address answers, and an SPI bus with a
 * spidev, both through the kernel's own bus code; what was written on each wire is read from debugfs: panel-wires/i2c, panel-wires/spi.
 * Opening such a file for writing with O_TRUNC forgets what it holds.
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

#define RECORDED_BYTES (1 << 18)

static bool present = true;
module_param(present, bool, 0644);
MODULE_PARM_DESC(present, "whether the device on the I2C bus answers");

static ushort address = 0x27;
module_param(address, ushort, 0444);
MODULE_PARM_DESC(address, "of the device on the I2C bus; 0x27: a PCF8574 as displays carry it");

struct wire {
	struct mutex lock;
	size_t length;
	u8 *bytes;
};

static u8 i2c_bytes[RECORDED_BYTES];
static u8 spi_bytes[RECORDED_BYTES];
static struct wire i2c_wire = { .lock = __MUTEX_INITIALIZER(i2c_wire.lock), .bytes = i2c_bytes };
static struct wire spi_wire = { .lock = __MUTEX_INITIALIZER(spi_wire.lock), .bytes = spi_bytes };
static struct platform_device *body;
static struct spi_controller *spi;
static struct dentry *folder;

/* When a recording is full it begins again: what counts is what came last. */
static void record(struct wire *wire, const u8 *from, size_t count)
{
	mutex_lock(&wire->lock);
	if (wire->length + count > RECORDED_BYTES)
		wire->length = 0;
	count = min_t(size_t, count, RECORDED_BYTES);
	memcpy(wire->bytes + wire->length, from, count);
	wire->length += count;
	mutex_unlock(&wire->lock);
}

static int i2c_transfer_all(struct i2c_adapter *adapter, struct i2c_msg *messages, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		if (!present || messages[i].addr != address)
			return -ENXIO;
		if (messages[i].flags & I2C_M_RD)
			memset(messages[i].buf, 0xff, messages[i].len);
		else
			record(&i2c_wire, messages[i].buf, messages[i].len);
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
		record(&spi_wire, transfer->tx_buf, transfer->len);
	if (transfer->rx_buf)
		memset(transfer->rx_buf, 0, transfer->len);
	return 0;
}

/* spidev takes the names of some devices that have no driver of their own; this is the first of its list. */
static struct spi_board_info strip = { .modalias = "dh2228fv", .max_speed_hz = 10000000, .chip_select = 0 };

static int wire_open(struct inode *inode, struct file *file)
{
	struct wire *wire = inode->i_private;

	if (file->f_flags & O_TRUNC) {
		mutex_lock(&wire->lock);
		wire->length = 0;
		mutex_unlock(&wire->lock);
	}
	return simple_open(inode, file);
}

static ssize_t wire_read(struct file *file, char __user *to, size_t count, loff_t *at)
{
	struct wire *wire = file->private_data;
	ssize_t read;

	mutex_lock(&wire->lock);
	read = simple_read_from_buffer(to, count, at, wire->bytes, wire->length);
	mutex_unlock(&wire->lock);
	return read;
}

static ssize_t wire_write(struct file *file, const char __user *from, size_t count, loff_t *at)
{
	return count;
}

static const struct file_operations wire_file = {
	.owner = THIS_MODULE,
	.open = wire_open,
	.read = wire_read,
	.write = wire_write,
};

static int __init wires_init(void)
{
	int failed;

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
	debugfs_create_file("i2c", 0600, folder, &i2c_wire, &wire_file);
	debugfs_create_file("spi", 0600, folder, &spi_wire, &wire_file);
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
