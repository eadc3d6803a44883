# make help lists the targets.

PREFIX   ?= /usr/local
FOR      ?=
BENCH    ?=
VERSION  ?= $(or $(patsubst v%,%,$(shell git describe --tags --match "v*" 2>/dev/null)),dev)
BINARIES := $(notdir $(wildcard cmd/wm-*))

export CGO_ENABLED = 0

.PHONY: build
build: ## build the programs into bin/
	go build -trimpath -o bin/ $(addprefix ./cmd/,$(BINARIES))

.PHONY: demo
demo: build ## run the whole pipeline and the dashboard; FOR=20s stops by itself
	@go run ./scripts/demo -bin bin -for "$(FOR)"

.PHONY: test
test: ## run all tests that need only Go
	go test ./...

.PHONY: race
race: ## run the tests of lib with the race detector; needs a C compiler
	CGO_ENABLED=1 go test -race -timeout 20m ./lib/...

.PHONY: conformance
conformance: ## test against real servers: kafka-sse, Elasticsearch, OpenSearch
	go test -tags conformance -count=1 -timeout 90m -v -run 'KafkaSSE|OnElasticsearch' ./cmd

.PHONY: readme
readme: ## type the commands of the README in a terminal of an empty machine
	go test -tags conformance -count=1 -timeout 10m -v -run ReadmeOnAnEmptyMachine ./cmd

.PHONY: soak
soak: ## conformance, kill and random tests at full count, and hours of fuzzing
	go test -count=1 -timeout 3h -run 'TestTail|TestPipeline' ./cmd -soak 20
	go test -count=1 -timeout 3h ./lib/store -soak 20
	go test -count=1 -timeout 3h -v -run TestLayouts ./lib/estest -seed 0 -mappings 400
	go test -timeout 3h -run xxx -fuzz FuzzBlocks -fuzztime 1h ./lib/store
	for fuzz in FuzzParseBulk FuzzParseSearch FuzzParseQ; do go test -timeout 3h -run xxx -fuzz $$fuzz -fuzztime 1h ./lib/eshttp || exit 1; done
	go test -tags conformance -count=1 -timeout 3h -v -run 'KafkaSSE|OnElasticsearch' ./cmd -soak 20

.PHONY: bench
bench: build ## compare with other tools; BENCH=tail runs one part; README=1 writes the table of the README
	@go run ./scripts/bench -bin bin $(if $(README),-readme README.md) $(BENCH)

.PHONY: golden
golden: ## rewrite the golden files; review the diff
	go test ./cmd -update

.PHONY: generate
generate: build ## rewrite scripts/wm.yaml and the completions from the flags
	@go run ./scripts/generate -bin bin

.PHONY: pictures
pictures: build ## draw the pictures of the README again; needs Chromium
	go build -o bin/ ./scripts/simulate ./scripts/terminal
	PATH=$(CURDIR)/bin:$$PATH TZ=UTC bin/terminal -columns 100 \
		-title "wm-tail | wm-grep -k bot=false -k 'wiki=enwiki|dewiki|frwiki' | wm-cut" \
		"simulate -generate 900 -seed 7 | wm-grep -k bot=false -k 'wiki=enwiki|dewiki|frwiki' | wm-cut -n 14" > scripts/pictures/terminal.svg
	go run ./scripts/dashboard > scripts/pictures/dashboard.png

.PHONY: lint
lint: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l cmd lib scripts)" || { echo "not gofmt-ed:"; gofmt -l cmd lib scripts; exit 1; }
	go vet -tags conformance ./...
	go -C scripts/kafkasse vet ./...
	go -C scripts/elasticsearch vet ./...
	go -C scripts/image vet ./...
	go -C scripts/compose vet ./...
	go -C scripts/bulkindexer vet ./...
	go tool -modfile=scripts/tools/go.mod staticcheck -tags conformance ./...

.PHONY: cross
cross: ## build for all supported platforms
	@for os in linux darwin windows; do for arch in amd64 arm64; do \
		echo "build $$os/$$arch"; \
		GOOS=$$os GOARCH=$$arch go build -o /dev/null $(addprefix ./cmd/,$(BINARIES)) || exit 1; \
	done; done

.PHONY: install
install: build ## install the programs, man pages and completions under PREFIX
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin share/man/man1 share/man/man7 share/bash-completion/completions share/zsh/site-functions share/fish/vendor_completions.d)
	install $(addprefix bin/,$(BINARIES)) $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(foreach b,$(BINARIES),cmd/$(b)/$(b).1) $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 cmd/wm.7 $(DESTDIR)$(PREFIX)/share/man/man7/
	install -m 644 scripts/completion/bash/* $(DESTDIR)$(PREFIX)/share/bash-completion/completions/
	install -m 644 scripts/completion/zsh/* $(DESTDIR)$(PREFIX)/share/zsh/site-functions/
	install -m 644 scripts/completion/fish/* $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/

.PHONY: package
package: ## build the deb and rpm packages and the archive for this machine, into dist/
	go run ./scripts/package -targets linux/$(shell go env GOARCH)

.PHONY: release
release: ## build everything for all platforms, with checksums and lists of components
	go run ./scripts/package

.PHONY: image
image: ## build the container image as an OCI archive; needs busybox-static
	GOOS=linux go build -trimpath -ldflags="-s -w -X github.com/wmtools/wm/lib/app.linked=$(VERSION)" -o dist/image/bin/ $(addprefix ./cmd/,$(BINARIES))
	go run ./scripts/package -licenses dist/image/LICENSES.txt dist/image/bin
	go build -C scripts/image -o ../../dist/image/build .
	dist/image/build -bin dist/image/bin -modules dist/image/LICENSES.txt -version $(VERSION) -arch $(shell go env GOARCH) -time $(shell git log -1 --format=%ct) -out dist/wm.oci.tar

.PHONY: clean
clean: ## remove bin/ and dist/
	rm -rf bin dist

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
