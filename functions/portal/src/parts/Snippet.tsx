import { ActionIcon, Box, Code, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

/** Code to copy. It scrolls sideways, so it can be focused: that lets the keyboard scroll it. */
export const Snippet = ({ label, children }: { label: string; children: string }) => (
  <Box pos="relative">
    <Code block tabIndex={0} role="region" aria-label={label} pr={52}>{children}</Code>
    <CopyButton value={children}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : "Copy"} position="left">
          <ActionIcon variant="default" pos="absolute" top={6} right={6} onClick={copy} aria-label={`Copy: ${label}`}>
            {copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  </Box>
);
