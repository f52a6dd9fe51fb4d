import { Table } from "@mantine/core";
import { useLayoutEffect, useRef, type ReactNode } from "react";
import "./cards.css";

/**
 * A table that becomes a list of cards on a phone: each row a card, each cell with the name of its column. It is the same table for those
 * who listen to it.
 */
export function CardTable({ minWidth, maxHeight, children }: { minWidth: number; maxHeight?: number; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const table = box.current?.querySelector("table");
    if (!table) return;
    const names = [...table.querySelectorAll("thead th")].map(head => head.getAttribute("data-name") ?? head.textContent ?? "");
    // Browsers forget that something is a table when it is laid out otherwise.
    table.role = "table";
    table.querySelectorAll<HTMLElement>("thead, tbody").forEach(part => { part.role = "rowgroup"; });
    table.querySelectorAll<HTMLElement>("thead th").forEach(head => { head.role = "columnheader"; });
    for (const row of table.querySelectorAll("tr")) {
      row.role = "row";
      [...row.querySelectorAll<HTMLElement>(":scope > td")].forEach((cell, i) => {
        cell.role = "cell";
        cell.dataset.label = names[i] ?? "";
      });
    }
  });
  return <Table.ScrollContainer minWidth={minWidth} maxHeight={maxHeight} className="card-table" classNames={{ scrollContainerInner: "card-table-inner" }} ref={box}>{children}</Table.ScrollContainer>;
}
