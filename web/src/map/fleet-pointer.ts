/** What is under the pointer: a cluster, a vehicle, or only land. */

import type { Cluster, Clusters } from "@/map/clusters";
import { HitGrid, REACH_PX } from "@/map/hit-grid";
import { clusterRadius } from "@/map/overlay";
import { type Scene, STRIDE } from "@/map/scene";
import { toScreen, type View } from "@/map/view";

export type Hit =
  | { readonly kind: "cluster"; readonly cluster: Cluster }
  | { readonly kind: "vehicle"; readonly slot: number };

export class FleetPointer {
  private readonly scene: Scene;
  private readonly clusters: Clusters;
  private readonly view: () => View;
  private readonly grid = new HitGrid();
  private sorted = false;

  constructor(scene: Scene, clusters: Clusters, view: () => View) {
    this.scene = scene;
    this.clusters = clusters;
    this.view = view;
  }

  /** A frame was drawn: symbols are elsewhere. They are sorted again when somebody asks. */
  moved(): void {
    this.sorted = false;
  }

  /** What is at a point of the screen (CSS px); vehicles are drawn above clusters. */
  at(x: number, y: number): Hit | null {
    const view = this.view();
    if (!this.sorted) {
      this.grid.sort(this.scene.instances, this.scene.count, STRIDE, view.width, view.height);
      this.sorted = true;
    }
    const cluster = this.clusterAt(view, x, y);
    if (cluster) return { kind: "cluster", cluster };
    const index = this.grid.nearest(x, y);
    return index < 0 ? null : { kind: "vehicle", slot: this.scene.slots[index] as number };
  }

  private clusterAt(view: View, x: number, y: number): Cluster | null {
    for (const cluster of this.clusters.list) {
      const place = toScreen(view, cluster.x, cluster.y);
      const reach = Math.max(REACH_PX, clusterRadius(cluster.count));
      if (Math.hypot(place.x - x, place.y - y) <= reach) return cluster;
    }
    return null;
  }
}
