package app

import "os"

var stateSignal os.Signal
