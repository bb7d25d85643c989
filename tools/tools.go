//go:build tools

// Package tools pins the Pulumi command line that the tests build where a machine has none.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
