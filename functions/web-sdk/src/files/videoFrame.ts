/** Longest side of the frame. The server scales it. */
const SIDE = 640;
const LIMIT = 8_000;

/** A frame of a video as a picture, where the browser can decode it; undefined otherwise. */
export async function videoFrame(file: Blob): Promise<Blob | undefined> {
  if (typeof document === "undefined") return undefined;
  const url = URL.createObjectURL(file);
  const video = document.createElement("video");
  try {
    video.muted = true;
    video.preload = "auto";
    video.playsInline = true;
    video.src = url;
    await arrival(video, "loadeddata");
    // Not the very first frame: it is often black.
    if (video.duration > 0.2) {
      video.currentTime = Math.min(1, video.duration / 2);
      await arrival(video, "seeked");
    }
    const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight, 1));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
    canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
    canvas.getContext("2d")!.drawImage(video, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), "image/jpeg", 0.85));
  } catch {
    return undefined;
  } finally {
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(url);
  }
}

function arrival(video: HTMLVideoElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No ${event} in time.`)), LIMIT);
    video.addEventListener(event, () => (clearTimeout(timer), resolve()), { once: true });
    video.addEventListener("error", () => (clearTimeout(timer), reject(new Error("The browser cannot decode it."))), { once: true });
  });
}
