package turnstile

import (
	"testing"
)

func TestCountsOneGate(t *testing.T) {
	stadium := New("north")
	for i := 0; i < 50; i++ {
		stadium.Enter("north")
	}
	if stadium.Inside() != 50 {
		t.Fatalf("%d inside, 50 went in", stadium.Inside())
	}
}

func TestNamesTheGateInFront(t *testing.T) {
	stadium := New("east", "north", "south", "west")
	for i := 0; i < 3; i++ {
		stadium.Enter("north")
		stadium.Enter("west")
	}
	stadium.Enter("north")
	stadium.Enter("east")
	t.Logf("turnstile: %d inside", stadium.Inside())
	stadium.Enter("west")
	if gate := stadium.Longest(); gate != "north" {
		t.Fatalf("the longest queue is at %s, expected north", gate)
	}
}
