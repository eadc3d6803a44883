// Compose checks a Compose file as "docker compose config" does, once for each
// profile, and prints the services. It needs no Docker.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 3 {
		log.Fatal("usage: compose FILE PROFILE...")
	}
	for _, profile := range os.Args[2:] {
		services, err := load(os.Args[1], profile)
		if err != nil {
			log.Fatalf("compose: profile %s: %v", profile, err)
		}
		fmt.Printf("%s: %s\n", profile, strings.Join(services, " "))
	}
}

func load(file, profile string) ([]string, error) {
	o, err := cli.NewProjectOptions([]string{file}, cli.WithProfiles([]string{profile}))
	if err != nil {
		return nil, err
	}
	project, err := o.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	return project.ServiceNames(), nil
}
