package loadtest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

// tick is the unit of CPU time in /proc (proc(5): sysconf(_SC_CLK_TCK), 100 a second on every Linux that Go supports).
const tick = 10 * time.Millisecond

var errProc = errors.New("/proc says something unexpected")

// cpuOf is the CPU time a process has used, user and system, in steps of 10 ms.
func cpuOf(pid int) (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("CPU time: %w", err)
	}
	// The name of the program, in parentheses, may hold anything; what follows it starts with field 3.
	fields := bytes.Fields(raw[bytes.LastIndexByte(raw, ')')+1:])
	const utime, stime = 14 - 3, 15 - 3
	if len(fields) <= stime {
		return 0, fmt.Errorf("CPU time: %w", errProc)
	}
	total := time.Duration(0)
	for _, f := range [][]byte{fields[utime], fields[stime]} {
		n, err := strconv.ParseInt(string(f), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("CPU time: %w", err)
		}
		total += time.Duration(n) * tick
	}
	return total, nil
}

// residentOf is the resident memory of a process in bytes.
func residentOf(pid int) (int64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("memory: %w", err)
	}
	for line := range bytes.Lines(raw) {
		fields := bytes.Fields(line)
		if len(fields) == 3 && string(fields[0]) == "VmRSS:" {
			kb, err := strconv.ParseInt(string(fields[1]), 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("memory: %w", errProc)
}

// CPU is what the process has used since it was started.
func (s *Server) CPU() (time.Duration, error) { return cpuOf(s.PID()) }

// Resident is the memory of the process, in bytes.
func (s *Server) Resident() (int64, error) { return residentOf(s.PID()) }
