/* What the translated kernels and the driver stub share. */
#include <math.h>
#include <stdint.h>
#include <string.h>

/* A device address is a host address with this added: one taken for the other crashes instead of working by luck. */
#define BIAS 0x5000000000000000ull
#define AT(type, address) (*(type *)((address) - BIAS))

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef float f32;

typedef struct { u32 ctaid_x, ctaid_y, ctaid_z, ntid_x, ntid_y, ntid_z, tid_x, tid_y, tid_z; } thread_at;
typedef void thread_code(const thread_at *t, const u8 *at, const u8 *kernel);

/* One text of the launch table: its entry, the target's number, and what the driver must be given to have exactly this text. */
typedef struct { const char *name; int target; u32 bytes; u64 hash; thread_code *run; int shares; } kernel_text;
extern const kernel_text kernel_texts[];
extern const int kernel_text_count;

/* Memory of a block, and the place where its threads wait for each other (stub.c). */
#define SHARED __attribute__((aligned(16)))
extern void barrier(void);

static inline f32 bits_f32(u32 bits) { f32 f; memcpy(&f, &bits, 4); return f; }

/* PTX ISA 9.7.9.21: to integers towards zero, saturated, a NaN gives 0. */
static inline double saturated(double v, double low, double high) { return v != v ? 0 : v < low ? low : v > high ? high : trunc(v); }
