# make help lists the targets.

BINARIES := wm-tail wm-grep wm-cut wm-es wm-store wm-serve
PREFIX   ?= /usr/local
FOR      ?=
BENCH    ?=

export CGO_ENABLED = 0

.PHONY: build
build: ## put the six binaries into bin/
	go build -trimpath -o bin/ $(addprefix ./cmd/,$(BINARIES))

.PHONY: demo
demo: build ## run the whole pipeline and the dashboard; FOR=20s ends by itself
	@go run ./scripts/demo -bin bin -for "$(FOR)"

.PHONY: test
test: ## run all tests of Go alone
	go test ./...

.PHONY: conformance
conformance: ## run wm-tail on Wikimedia's kafka-sse and wm-es on Elasticsearch; needs node, npm, g++, java, mvn, python3
	go test -tags conformance -count=1 -timeout 90m -v -run 'KafkaSSE|OnElasticsearch' ./cmd

.PHONY: soak
soak: ## the same and the look-alike, with twenty times the kills and bytes
	go test -count=1 -timeout 3h -run 'TestTail|TestPipeline' ./cmd -soak 20
	go test -tags conformance -count=1 -timeout 3h -v -run 'KafkaSSE' ./cmd -soak 20

.PHONY: bench
bench: build ## measure against rivals; BENCH="tail" one of them, BENCH="-scale 0.1 tail" shorter
	@go run ./scripts/bench -bin bin $(BENCH)

.PHONY: golden
golden: ## rewrite the golden files; then look at git diff
	go test ./cmd -update

.PHONY: lint
lint: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l cmd lib scripts)" || { echo "not gofmt-ed:"; gofmt -l cmd lib scripts; exit 1; }
	go vet -tags conformance ./...
	go -C scripts/kafkasse vet ./...
	go -C scripts/elasticsearch vet ./...
	go -C scripts/bulkindexer vet ./...
	go tool -modfile=scripts/tools/go.mod staticcheck -tags conformance ./...

.PHONY: cross
cross: ## build for every platform that is supported
	@for os in linux darwin windows; do for arch in amd64 arm64; do \
		echo "build $$os/$$arch"; \
		GOOS=$$os GOARCH=$$arch go build -o /dev/null $(addprefix ./cmd/,$(BINARIES)) || exit 1; \
	done; done

.PHONY: install
install: build ## install the binaries and their man pages below PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install $(addprefix bin/,$(BINARIES)) $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(foreach b,$(BINARIES),cmd/$(b)/$(b).1) $(DESTDIR)$(PREFIX)/share/man/man1/

.PHONY: clean
clean: ## remove what was built
	rm -rf bin

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
