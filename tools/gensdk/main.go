// gensdk SCHEMA.json LANGUAGE FOLDER writes the SDK of a Pulumi package, by Pulumi's own generators.
//
// `pulumi package gen-sdk` asks a language host for the same; those hosts are not published as Go modules.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func generate(file, language string) (map[string][]byte, error) {
	bytes, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(bytes, &spec); err != nil {
		return nil, err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	switch language {
	case "nodejs":
		return nodejs.GeneratePackage("gensdk", pkg, nil, nil, false, nil)
	case "go":
		return gogen.GeneratePackage("gensdk", pkg, nil)
	}
	return nil, fmt.Errorf("there is no generator for %s", language)
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: gensdk SCHEMA.json nodejs|go FOLDER")
		os.Exit(2)
	}
	files, err := generate(os.Args[1], os.Args[2])
	for name, content := range files {
		path := filepath.Join(os.Args[3], name)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o755)
		}
		if err == nil {
			err = os.WriteFile(path, content, 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
