// A cluster with alerts, from Go.
package main

import (
	"example.com/pulumi-dolmen/sdk/go/dolmen"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		project := pulumi.String("5f0000000000000000000001")
		cluster, err := dolmen.NewAtlasCluster(ctx, "shop", &dolmen.AtlasClusterArgs{
			ProjectId:      project,
			ClusterName:    pulumi.String("shop"),
			Region:         pulumi.String("ap-northeast-2"),
			InstanceSize:   pulumi.String("M20"),
			ElectableNodes: pulumi.Int(3),
			MongodbVersion: pulumi.String("8.0"),
			ProtectData:    true,
		})
		if err != nil {
			return err
		}
		_, err = dolmen.NewAtlasAlerts(ctx, "shop", &dolmen.AtlasAlertsArgs{
			ProjectId: project,
			Email:     []string{"ops@company.com"},
			Alerts: map[string]dolmen.AtlasAlertInput{
				"no-primary": dolmen.AtlasAlertArgs{
					Severity: pulumi.StringRef("CRITICAL"),
					Event:    pulumi.StringRef("NO_PRIMARY"),
				},
			},
		})
		ctx.Export("connectionString", cluster.SrvConnectionString)
		return err
	})
}
