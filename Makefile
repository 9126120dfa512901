# The Appliance. `make` alone prints the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CONFIGURATION ?= Release
# Gpu: ONNX Runtime with CUDA and TensorRT, linux-x64. Cpu: the small package, also for linux-arm64.
ONNX ?= Gpu
RID ?= linux-x64
OUT := out
export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
# Nothing of ours is left running, no build server either.
export MSBUILDDISABLENODEREUSE := 1
export UseSharedCompilation := false

.PHONY: help setup guest build publish demo test bench gpu-check bench-latency bench-page install uninstall docs clean

help: ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: ## Install the Debian packages that building, the demo and the tests need (root, or it prints the apt line)
	@scripts/setup

build: setup ## Build everything, tests included
	@dotnet build Appliance.sln -c $(CONFIGURATION) -p:OnnxRuntime=$(ONNX) -v quiet -nologo

publish: setup ## Native binaries into out/appliance: appliance, appliancectl, appliance-phantom
	@scripts/publish "$(RID)" "$(ONNX)"

demo: publish ## Start the appliance, stream a CT from a paced scanner, show the results (SERIES=folder for your own DICOM)
	@scripts/demo $(if $(SERIES),"$(SERIES)")

test: build publish ## Every test suite; the last line is `N passed, N failed`
	@scripts/test "$(CONFIGURATION)"

bench: ## Kernels beside C and scipy, interleaved, one thread and two (ROUNDS=7); out/bench/kernels.json
	@scripts/bench $(or $(ROUNDS),7)

bench-latency: publish ## Last slice to segmentation, interleaved with the sequential peer (RUNS=30, CASES=names); out/bench/latency.json, latency.png
	@scripts/bench-latency $(or $(RUNS),30) $(CASES)

bench-page: publish ## The page in a real Chromium: frames a second, exact at rest, C-STORE with and without touches
	@scripts/bench-page

guest: ## A machine in QEMU with a front panel, a watchdog and a power switch, for the system tests of these (root; 500 MB of Debian, once)
	@scripts/guest

gpu-check: ## Every kernel on every GPU here: answers and times; packs out/gpu-check.tar.gz for machines with only a driver
	@scripts/gpu-check

install: publish ## systemd unit, user, directories and settings on this machine (root)
	@scripts/install

uninstall: ## Remove what install put here; studies and settings stay
	@scripts/install --remove

docs: build ## Print the tables in docs/ that the code owns (states, events) again
	@UPDATE_DOCS=1 tests/Appliance.Tests/bin/$(CONFIGURATION)/net10.0/Appliance.Tests -noColor -noLogo -class "*Docs*" > /dev/null

clean: ## Remove what was built
	@rm -rf $(OUT); find . -type d \( -name bin -o -name obj \) -not -path './.git/*' -prune -exec rm -rf {} +
