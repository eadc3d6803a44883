package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// formula writes a formula for Homebrew that installs the archives.
func (r release) formula() error {
	text := `class Wm < Formula
  desc "Wikimedia's live changes in a pipeline: watch, filter, index, search"
  homepage "https://github.com/wmtools/wm"
  version "` + r.version + `"
  license "Apache-2.0"

`
	for _, system := range []struct{ brew, os string }{{"macos", "darwin"}, {"linux", "linux"}} {
		block := ""
		for _, cpu := range []struct{ brew, arch string }{{"arm", "arm64"}, {"intel", "amd64"}} {
			name := r.archiveName(platform{system.os, cpu.arch}) + ".tar.gz"
			sum, err := digest(filepath.Join(r.out, name))
			if os.IsNotExist(err) {
				continue
			} else if err != nil {
				return err
			}
			block += fmt.Sprintf("    on_%s do\n      url \"https://github.com/wmtools/wm/releases/download/v%s/%s\"\n      sha256 \"%s\"\n    end\n", cpu.brew, r.version, name, sum)
		}
		if block != "" {
			text += "  on_" + system.brew + " do\n" + block + "  end\n\n"
		}
	}
	text += `  def install
    bin.install Dir["bin/*"]
    man1.install Dir["share/man/man1/*"]
    man7.install "share/man/man7/wm.7"
    bash_completion.install Dir["share/bash-completion/completions/*"]
    zsh_completion.install Dir["share/zsh/site-functions/*"]
    fish_completion.install Dir["share/fish/vendor_completions.d/*"]
    doc.install "LICENSES.txt", "README.md", "CHANGELOG.md", "wm.yaml"
  end

  test do
    assert_equal "1\n", pipe_output("#{bin}/wm-grep -c -k wiki=enwiki", "{\"wiki\":\"enwiki\"}\n")
  end
end
`
	return r.write("wm.rb", func(w io.Writer) error {
		_, err := io.Copy(w, strings.NewReader(text))
		return err
	})
}
