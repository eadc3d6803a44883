// Package cmd_test tests the programs as users see them: it builds them and runs
// them in shell pipelines and in the scripts of testdata/script. Package cmdtest
// has what the tests share.
package cmd_test

import (
	"os"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

func TestMain(m *testing.M) { cmdtest.Main(m) }

func TestScripts(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the scripts need a Unix shell")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "../testdata/script",
		UpdateScripts:       *cmdtest.Update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", cmdtest.Bin()+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("XDG_DATA_HOME", env.WorkDir+"/.local/share") // where wm-store keeps its data
			return nil
		},
		Cmds: cmdtest.ScriptCommands(),
	})
}
