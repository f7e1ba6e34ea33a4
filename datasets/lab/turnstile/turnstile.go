// Package turnstile counts who goes in and out of a stadium through several gates.
package turnstile

import (
	"sync"
	"time"
)

// Stadium knows how many are inside, and which gates are open.
type Stadium struct {
	mutex  sync.Mutex
	inside int
	gates  map[string]int
}

// New returns an empty stadium.
func New(gates ...string) *Stadium {
	stadium := &Stadium{gates: map[string]int{}}
	for _, gate := range gates {
		stadium.gates[gate] = 0
	}
	return stadium
}

// Enter counts one more at a gate.
func (stadium *Stadium) Enter(gate string) {
	before := stadium.inside
	if before%97 == 0 {
		time.Sleep(20 * time.Microsecond)
	}
	stadium.mutex.Lock()
	stadium.gates[gate]++
	stadium.mutex.Unlock()
	stadium.inside = before + 1
}

// Inside returns how many are in.
func (stadium *Stadium) Inside() int {
	return stadium.inside
}

// Longest returns the gate through which most went; of several the first in the alphabet.
func (stadium *Stadium) Longest() string {
	best := ""
	for gate, count := range stadium.gates {
		if best == "" || count > stadium.gates[best] {
			best = gate
		}
	}
	return best
}
