// A cluster with alerts, from TypeScript: the names are camelCase all the way down.
import * as dolmen from "./sdk";

const cluster = new dolmen.AtlasCluster("shop", {
    projectId: "5f0000000000000000000001",
    clusterName: "shop",
    region: "ap-northeast-2",
    instanceSize: "M20",
    electableNodes: 3,
    mongodbVersion: "8.0",
    protectData: true,
});
new dolmen.AtlasAlerts("shop", {
    projectId: "5f0000000000000000000001",
    email: ["ops@company.com"],
    alerts: {
        "no-primary": {
            severity: "CRITICAL",
            event: "NO_PRIMARY",
            matchers: [{ field: "CLUSTER_NAME", operator: "EQUALS", value: "shop" }],
        },
    },
});
export const connectionString = cluster.srvConnectionString;
