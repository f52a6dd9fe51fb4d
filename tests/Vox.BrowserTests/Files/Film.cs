namespace Vox.Tests.Files;

internal static class Film
{
    /// <summary>A script that makes <c>film</c>: a second of video that the browser can decode.</summary>
    public const string Make = """
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [320, 180];
        const drawing = canvas.getContext("2d");
        const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
        const parts = [];
        recorder.ondataavailable = e => parts.push(e.data);
        const stopped = new Promise(resolve => recorder.onstop = resolve);
        recorder.start();
        for (let i = 0; i < 20; i++) {
          drawing.fillStyle = `hsl(${i * 18} 80% 50%)`;
          drawing.fillRect(0, 0, 320, 180);
          await new Promise(resolve => setTimeout(resolve, 50));
        }
        recorder.stop();
        await stopped;
        const film = new File(parts, "film.webm", { type: "video/webm" });
        """;
}
