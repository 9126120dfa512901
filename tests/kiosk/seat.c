/* A module for Weston 10: a seat with a touch that nobody touches. Its headless backend has none, and kiosk-shell shows only what
 * a seat has activated; on a box that is the touchscreen, or the power button. Declared as in libweston/libweston.h, which then need
 * not be installed. */
struct weston_compositor;
void weston_seat_init(void *seat, struct weston_compositor *compositor, const char *name);
int weston_seat_init_touch(void *seat);

/* A struct weston_seat takes a few hundred bytes. */
static long seat[1024];

int wet_module_init(struct weston_compositor *compositor, int *argc, char *argv[])
{
    weston_seat_init(seat, compositor, "default");
    return weston_seat_init_touch(seat);
}
