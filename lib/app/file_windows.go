package app

import (
	"errors"
	"os"
)

// reopen cannot know under which name a file was opened.
func reopen(*os.File) (*os.File, error) { return nil, errors.ErrUnsupported }

func appends(*os.File) bool { return false }
