/*
 * libcuda.so.1 of ours: the functions of the CUDA driver API that the launcher uses, over host memory, with the PTX of the build compiled
 * to C. Nothing runs before the host waits for it, so a result that is read too early is not there, and an input that is changed too early
 * has changed. What goes wrong on purpose is told by the environment (STUB_CUDA) or by stub_configure, as words apart by blanks:
 *   devices=4 cc=80,70,61,90 version=12040 memory=BYTES  what the machine is
 *   only=ORDINAL                                  the device that the faults below are of; without it all are
 *   wrong=KERNEL                                  the kernel leaves its results as they were
 *   badptx=KERNEL                                 its text is refused
 *   fail=N                                        the N-th launch ends in an illegal address, and so does all after it
 *   hang=N                                        the N-th launch never ends
 *   init=ERROR                                    cuInit answers it
 */
#include <pthread.h>
#include <ucontext.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "stub.h"

#define API __attribute__((visibility("default"))) int
enum { OK = 0, INVALID_VALUE = 1, NO_MEMORY = 2, NOT_INITIALIZED = 3, NO_DEVICE = 100, BAD_DEVICE = 101, NO_BINARY = 209, BAD_PTX = 218,
       NOT_FOUND = 500, NOT_READY = 600, ILLEGAL_ADDRESS = 700, LAUNCH_FAILED = 719, CAPTURED = 901 };
enum { DEVICES = 8, OPS = 4096, PARAMETERS = 512 };

typedef enum { COPY, LAUNCH, RECORD, GRAPH } op_kind;
typedef struct {
    op_kind kind;
    void *to;
    const void *from;
    size_t bytes;
    const kernel_text *kernel;
    u32 grid[3], block[3];
    u8 extent[12], parameters[PARAMETERS];
    struct list *graph;
    double *stamp;
} op;
typedef struct list { op *ops; int count; } list;
typedef struct { list work; int device, capturing, asked; } stream;
typedef struct { void *host; size_t bytes; int device, pinned; } block;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int devices = 1, cc[DEVICES] = { 80, 80, 80, 80, 80, 80, 80, 80 }, version = 12040, only = -1, init_error;
static long fail_at, hang_at, launches[DEVICES], graph_launches, live, memory_used[DEVICES];
static u64 memory = 16ull << 30;
static char wrong[64], badptx[64];
static int broken[DEVICES], hung[DEVICES], ready;
static block *blocks;
static int block_count, block_room;
static __thread int current = -1;

static void configure(const char *text)
{
    char copy[512], *save = NULL;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        char *value = strchr(word, '=');
        if (!value)
            continue;
        *value++ = 0;
        if (!strcmp(word, "devices")) devices = atoi(value);
        else if (!strcmp(word, "version")) version = atoi(value);
        else if (!strcmp(word, "memory")) memory = strtoull(value, NULL, 10);
        else if (!strcmp(word, "only")) only = atoi(value);
        else if (!strcmp(word, "fail")) fail_at = atol(value);
        else if (!strcmp(word, "hang")) hang_at = atol(value);
        else if (!strcmp(word, "init")) init_error = atoi(value);
        else if (!strcmp(word, "wrong")) snprintf(wrong, sizeof wrong, "%s", value);
        else if (!strcmp(word, "badptx")) snprintf(badptx, sizeof badptx, "%s", value);
        else if (!strcmp(word, "cc"))
            for (int i = 0; i < DEVICES && value; i++) {
                cc[i] = atoi(value);
                value = strchr(value, ',');
                value = value ? value + 1 : NULL;
            }
    }
}

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("STUB_CUDA");
    configure(text ? text : "");
}

API stub_configure(const char *text) { pthread_mutex_lock(&gate); configure(text); pthread_mutex_unlock(&gate); return OK; }

API stub_launches(int device) { return (int)launches[device]; }
API stub_graph_launches(void) { return (int)graph_launches; }
/* Streams, events, graphs, modules, contexts and blocks that nobody has given back. */
API stub_live(void) { return (int)live; }

static int faulty(int device) { return only < 0 || only == device; }

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

/* Threads that share memory are coroutines: each runs to its next barrier or its end, and a round ends when all have. */
#define BLOCK_THREADS 1024
#define STACK_BYTES 65536
static __thread struct { ucontext_t home, threads[BLOCK_THREADS]; thread_at at[BLOCK_THREADS]; u8 ended[BLOCK_THREADS]; u32 now; } *running;
static __thread const op *block_of;

void barrier(void) { swapcontext(&running->threads[running->now], &running->home); }

static void coroutine(void)
{
    u32 own = running->now;
    block_of->kernel->run(&running->at[own], block_of->extent, block_of->parameters);
    running->ended[own] = 1;
}

static void run_block(const op *o, thread_at t, u8 *stacks)
{
    u32 count = t.ntid_x * t.ntid_y * t.ntid_z, left = count;
    block_of = o;
    for (u32 i = 0; i < count; i++) {
        t.tid_x = i % t.ntid_x; t.tid_y = i / t.ntid_x % t.ntid_y; t.tid_z = i / t.ntid_x / t.ntid_y;
        running->at[i] = t;
        running->ended[i] = 0;
        getcontext(&running->threads[i]);
        running->threads[i].uc_stack.ss_sp = stacks + (size_t)i * STACK_BYTES;
        running->threads[i].uc_stack.ss_size = STACK_BYTES;
        running->threads[i].uc_link = &running->home;
        makecontext(&running->threads[i], coroutine, 0);
    }
    while (left)
        for (u32 i = 0; i < count; i++) {
            if (running->ended[i]) continue;
            running->now = i;
            swapcontext(&running->home, &running->threads[i]);
            left -= running->ended[i];
        }
}

static int run_blocks(const op *o, thread_at t)
{
    u8 *stacks = malloc((size_t)t.ntid_x * t.ntid_y * t.ntid_z * STACK_BYTES);
    running = malloc(sizeof *running);
    for (t.ctaid_z = 0; t.ctaid_z < o->grid[2]; t.ctaid_z++)
        for (t.ctaid_y = 0; t.ctaid_y < o->grid[1]; t.ctaid_y++)
            for (t.ctaid_x = 0; t.ctaid_x < o->grid[0]; t.ctaid_x++) run_block(o, t, stacks);
    free(running);
    free(stacks);
    return OK;
}

static int run_kernel(const op *o, int device)
{
    launches[device]++;
    if (faulty(device) && hang_at && launches[device] >= hang_at) { hung[device] = 1; return OK; }
    if (faulty(device) && fail_at && launches[device] >= fail_at) return broken[device] = ILLEGAL_ADDRESS;
    if (faulty(device) && !strcmp(wrong, o->kernel->name)) return OK;
    thread_at t = { .ntid_x = o->block[0], .ntid_y = o->block[1], .ntid_z = o->block[2] };
    if (o->kernel->shares) return run_blocks(o, t);
    for (t.ctaid_z = 0; t.ctaid_z < o->grid[2]; t.ctaid_z++)
        for (t.ctaid_y = 0; t.ctaid_y < o->grid[1]; t.ctaid_y++)
            for (t.ctaid_x = 0; t.ctaid_x < o->grid[0]; t.ctaid_x++)
                for (t.tid_z = 0; t.tid_z < t.ntid_z; t.tid_z++)
                    for (t.tid_y = 0; t.tid_y < t.ntid_y; t.tid_y++)
                        for (t.tid_x = 0; t.tid_x < t.ntid_x; t.tid_x++)
                            o->kernel->run(&t, o->extent, o->parameters);
    return OK;
}

static int run(const list *l, int device)
{
    for (int i = 0; i < l->count && !broken[device] && !hung[device]; i++) {
        const op *o = &l->ops[i];
        if (o->kind == COPY) memcpy(o->to, o->from, o->bytes);
        else if (o->kind == RECORD) *o->stamp = now_ms();
        else if (o->kind == GRAPH) run(o->graph, device);
        else run_kernel(o, device);
    }
    return broken[device];
}

static int settle(stream *s)
{
    int result = broken[s->device] ? broken[s->device] : run(&s->work, s->device);
    s->work.count = 0;
    s->asked = 0;
    return result;
}

static int add(stream *s, const op *o)
{
    if (broken[s->device]) return broken[s->device];
    if (s->work.count == OPS) return NO_MEMORY;
    if (!s->work.ops) s->work.ops = malloc(sizeof(op) * OPS);
    s->work.ops[s->work.count++] = *o;
    return OK;
}

/* The host's address of a device range, or NULL where nothing is allocated there. */
static u8 *inside(u64 address, size_t bytes)
{
    u8 *found = NULL;
    pthread_mutex_lock(&gate);
    for (int i = 0; i < block_count && !found; i++) {
        u64 start = (u64)blocks[i].host + BIAS;
        if (!blocks[i].pinned && address >= start && address + bytes <= start + blocks[i].bytes)
            found = (u8 *)(address - BIAS);
    }
    pthread_mutex_unlock(&gate);
    return found;
}

static int is_pinned(const void *address, size_t bytes)
{
    int found = 0;
    pthread_mutex_lock(&gate);
    for (int i = 0; i < block_count && !found; i++)
        found = blocks[i].pinned && (const u8 *)address >= (u8 *)blocks[i].host
            && (const u8 *)address + bytes <= (u8 *)blocks[i].host + blocks[i].bytes;
    pthread_mutex_unlock(&gate);
    return found;
}

static int allocate(void **host, size_t bytes, int pinned)
{
    if (current < 0) return 201;
    pthread_mutex_lock(&gate);
    if (!pinned && memory_used[current] + bytes > memory) { pthread_mutex_unlock(&gate); return NO_MEMORY; }
    if (block_count == block_room) blocks = realloc(blocks, sizeof(block) * (block_room = 2 * block_room + 64));
    *host = aligned_alloc(256, (bytes + 255) / 256 * 256);
    memset(*host, 0xA7, bytes);
    blocks[block_count++] = (block){ *host, bytes, current, pinned };
    if (!pinned) memory_used[current] += bytes;
    live++;
    pthread_mutex_unlock(&gate);
    return OK;
}

static int give_back(void *host)
{
    pthread_mutex_lock(&gate);
    for (int i = 0; i < block_count; i++)
        if (blocks[i].host == host) {
            if (!blocks[i].pinned) memory_used[blocks[i].device] -= blocks[i].bytes;
            blocks[i] = blocks[--block_count];
            live--;
            free(host);
            pthread_mutex_unlock(&gate);
            return OK;
        }
    pthread_mutex_unlock(&gate);
    return INVALID_VALUE;
}

static void count(int change) { pthread_mutex_lock(&gate); live += change; pthread_mutex_unlock(&gate); }

API cuDriverGetVersion(int *v) { *v = version; return OK; }
API cuInit(u32 flags) { (void)flags; ready = !init_error; return init_error; }
API cuDeviceGetCount(int *n) { *n = devices; return ready ? OK : NOT_INITIALIZED; }
API cuDeviceGet(int *device, int ordinal) { *device = ordinal; return ordinal < devices ? OK : BAD_DEVICE; }

API cuDeviceGetName(char *name, int room, int device) { snprintf(name, room, "Stub %d.%d", cc[device] / 10, cc[device] % 10); return OK; }

API cuDeviceGetAttribute(int *value, int attribute, int device)
{
    *value = attribute == 75 ? cc[device] / 10 : attribute == 76 ? cc[device] % 10 : attribute == 36 ? 877000 : attribute == 37 ? 4096 : 0;
    return OK;
}

API cuGetErrorName(int error, const char **name)
{
    *name = error == INVALID_VALUE ? "CUDA_ERROR_INVALID_VALUE" : error == NO_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY"
        : error == NO_DEVICE ? "CUDA_ERROR_NO_DEVICE" : error == BAD_PTX ? "CUDA_ERROR_INVALID_PTX"
        : error == ILLEGAL_ADDRESS ? "CUDA_ERROR_ILLEGAL_ADDRESS" : NULL;
    return *name ? OK : INVALID_VALUE;
}

API cuDevicePrimaryCtxRetain(void **context, int device) { *context = (void *)(intptr_t)(device + 1); count(1); return OK; }
API cuDevicePrimaryCtxRelease_v2(int device) { (void)device; count(-1); return OK; }
API cuCtxSetCurrent(void *context) { current = (int)(intptr_t)context - 1; return OK; }
API cuMemGetInfo_v2(size_t *free_bytes, size_t *total) { *total = memory; *free_bytes = memory - memory_used[current]; return OK; }

API cuMemAlloc_v2(u64 *address, size_t bytes)
{
    void *host = NULL;
    int result = allocate(&host, bytes, 0);
    *address = (u64)host + BIAS;
    return result;
}

API cuMemFree_v2(u64 address) { return give_back((void *)(address - BIAS)); }
API cuMemHostAlloc(void **host, size_t bytes, u32 flags) { (void)flags; return allocate(host, bytes, 1); }
API cuMemFreeHost(void *host) { return give_back(host); }

API cuModuleLoadDataEx(void **module, const char *text, u32 options, const int *names, void **values)
{
    char name[64] = "", *entry = strstr(text, ".entry "), *target = strstr(text, ".target sm_");
    u64 hash = 14695981039346656037ull;
    for (const char *c = text; *c; c++) hash = (hash ^ (u8)*c) * 1099511628211ull;
    if (!entry || !target || sscanf(entry, ".entry %63[A-Za-z0-9_]", name) != 1) return BAD_PTX;
    for (int i = 0; i < kernel_text_count; i++)
        if (!strcmp(kernel_texts[i].name, name) && kernel_texts[i].target == atoi(target + 11) && kernel_texts[i].hash == hash) {
            if (kernel_texts[i].target > cc[current]) return NO_BINARY;
            if (faulty(current) && !strcmp(badptx, name)) break;
            *module = (void *)&kernel_texts[i];
            count(1);
            return OK;
        }
    if (options && names[0] == 5) snprintf(values[0], 4096, "ptxas error: stub does not like %s\n", name);
    return BAD_PTX;
}

API cuModuleUnload(void *module) { (void)module; count(-1); return OK; }

API cuModuleGetFunction(void **function, void *module, const char *name)
{
    *function = module;
    return strcmp(((kernel_text *)module)->name, name) ? NOT_FOUND : OK;
}

API cuStreamCreate(void **made, u32 flags)
{
    (void)flags;
    stream *s = calloc(1, sizeof *s);
    s->device = current;
    *made = s;
    count(1);
    return broken[current];
}

API cuStreamDestroy_v2(stream *s) { if (!s) return INVALID_VALUE; free(s->work.ops); free(s); count(-1); return OK; }

API cuStreamQuery(stream *s)
{
    if (s->capturing) return CAPTURED;
    if (hung[s->device]) return NOT_READY;
    if (s->work.count && !s->asked++) return NOT_READY;
    int result = settle(s);
    return hung[s->device] ? NOT_READY : result;
}

static int copy(stream *s, void *to, const void *from, size_t bytes)
{
    op o = { .kind = COPY, .to = to, .from = from, .bytes = bytes };
    return to && from ? add(s, &o) : INVALID_VALUE;
}

/* Memory that is not pinned would make the copy wait: the launcher never copies from such. */
API cuMemcpyHtoDAsync_v2(u64 to, const void *from, size_t bytes, stream *s)
{
    return copy(s, inside(to, bytes), is_pinned(from, bytes) ? from : NULL, bytes);
}

API cuMemcpyDtoHAsync_v2(void *to, u64 from, size_t bytes, stream *s)
{
    return copy(s, is_pinned(to, bytes) ? to : NULL, inside(from, bytes), bytes);
}

API cuMemcpyDtoDAsync_v2(u64 to, u64 from, size_t bytes, stream *s) { return copy(s, inside(to, bytes), inside(from, bytes), bytes); }

API cuLaunchKernel(void *function, u32 gx, u32 gy, u32 gz, u32 bx, u32 by, u32 bz, u32 shared, stream *s, void **arguments, void **extra)
{
    (void)shared; (void)extra;
    op o = { .kind = LAUNCH, .kernel = function, .grid = { gx, gy, gz }, .block = { bx, by, bz } };
    if (!gx || !gy || !gz || gy > 65535 || gz > 65535 || bx * by * bz > 1024 || o.kernel->bytes > PARAMETERS) return INVALID_VALUE;
    memcpy(o.extent, arguments[0], 12);
    memcpy(o.parameters, arguments[1], o.kernel->bytes);
    return add(s, &o);
}

API cuEventCreate(void **event, u32 flags) { (void)flags; *event = calloc(1, sizeof(double)); count(1); return OK; }
API cuEventDestroy_v2(void *event) { if (!event) return INVALID_VALUE; free(event); count(-1); return OK; }
API cuEventRecord(void *event, stream *s) { op o = { .kind = RECORD, .stamp = event }; return add(s, &o); }
API cuEventElapsedTime(float *ms, double *from, double *to) { *ms = (float)(*to - *from); return OK; }

API cuStreamBeginCapture_v2(stream *s, int mode) { (void)mode; if (s->work.count) return INVALID_VALUE; s->capturing = 1; return OK; }

API cuStreamEndCapture(stream *s, list **graph)
{
    if (!s->capturing) return INVALID_VALUE;
    *graph = malloc(sizeof **graph);
    **graph = s->work;
    s->work = (list){ 0 };
    s->capturing = 0;
    count(1);
    return OK;
}

API cuGraphInstantiateWithFlags(list **exec, list *graph, u64 flags)
{
    (void)flags;
    *exec = malloc(sizeof **exec);
    (*exec)->count = graph->count;
    (*exec)->ops = malloc(sizeof(op) * (graph->count + 1));
    if (graph->count) memcpy((*exec)->ops, graph->ops, sizeof(op) * graph->count);
    count(1);
    return OK;
}

API cuGraphDestroy(list *graph) { free(graph->ops); free(graph); count(-1); return OK; }
API cuGraphExecDestroy(list *exec) { return cuGraphDestroy(exec); }
#ifndef WITHOUT_GRAPHS
API cuGraphLaunch(list *exec, stream *s) { op o = { .kind = GRAPH, .graph = exec }; graph_launches++; return add(s, &o); }
#endif
