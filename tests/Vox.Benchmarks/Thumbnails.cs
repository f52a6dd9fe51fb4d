using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NetVips;
using Vox.Chat.Files;

namespace Vox.Benchmarks;

/// <summary>
/// Compares how the app makes a preview (1,280 px) and a thumbnail (200 px) of 12 megapixels with vipsthumbnail, which makes the same two
/// in two runs of its own. The first, larger picture of vipsthumbnail is also compared alone. Ours is timed inside a process, so the start
/// of vipsthumbnail is measured and subtracted. Times are given by the clock and as processor time. The processor time says the same on a
/// machine that is busy with other things.
/// </summary>
internal static class Thumbnails
{
    private const int Width = 4_000;
    private const int Height = 3_000;
    /// <summary>The second format has a colour profile, as many cameras write it, so its colours have to be converted.</summary>
    private static readonly (string Format, string? Profile)[] Pictures = [("jpeg", null), ("jpeg", "p3"), ("png", null), ("webp", null)];

    public static async Task RunAsync(string[] args)
    {
        if (args is ["--child", var path, var type, var count])
        {
            await ChildAsync(path, type, int.Parse(count, CultureInfo.InvariantCulture));
            return;
        }

        var runs = args is ["--runs", var n] ? int.Parse(n, CultureInfo.InvariantCulture) : 7;
        var folder = Directory.CreateTempSubdirectory("vox-thumbnails");
        try
        {
            Console.WriteLine($"{Width:N0} × {Height:N0} pixels, median of {runs} runs, {Environment.ProcessorCount} cores, "
                + $"libvips {NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)} in process, "
                + $"{RuntimeInformation.OSDescription}");
            var tool = await VersionAsync();
            Console.WriteLine(tool ?? "vipsthumbnail is not installed (Debian: libvips-tools): only our own figures.");
            var start = tool is null ? 0 : Median(await RepeatAsync(runs, () => ToolAsync(["--vips-version"])), r => r.Milliseconds);
            var startCpu = tool is null ? 0 : await ToolCpuAsync(runs, ["--vips-version"]);
            Console.WriteLine($"vipsthumbnail's own start: {start:N0} ms, of the processor {startCpu:N0} ms\n");
            Console.WriteLine(
                "| Format | Size | Ours: both pictures | Extra memory | vipsthumbnail 1,280 px | both | Its memory | "
                + "Ours : 1,280 px alone | Ours : both |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
            foreach (var (format, profile) in Pictures)
            {
                await MeasureAsync(folder.FullName, format, profile, runs, tool is not null, start, startCpu);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(
        string folder, string format, string? profile, int runs, bool hasTool, double start, double startCpu)
    {
        var path = Path.Combine(folder, $"in{profile}.{format}");
        Make(path, profile: profile);
        var name = profile is null ? format : $"{format}, with a profile";
        var megabytes = new FileInfo(path).Length / 1e6;
        var (ours, memory, oursCpu) = await OursAsync(path, "image/" + format, runs);
        if (!hasTool)
        {
            Console.WriteLine($"| {name} | {megabytes:N1} MB | {ours:N0} ms | {memory:N0} MB | | | | | |");
            Console.WriteLine($"| … of the processor | | {oursCpu:N0} ms | | | | | | |");
            return;
        }

        var large = await RepeatAsync(runs, () => ToolAsync(Arguments(path, 1_280, folder)));
        var small = await RepeatAsync(runs, () => ToolAsync(Arguments(path, 200, folder)));
        var one = Median(large, r => r.Milliseconds) - start;
        var two = one + Median(small, r => r.Milliseconds) - start;
        Console.WriteLine(
            $"| {name} | {megabytes:N1} MB | {ours:N0} ms | {memory:N0} MB | {one:N0} ms | {two:N0} ms | "
            + $"{large.Max(r => r.Megabytes):N0} MB | {ours / one:N2} | {ours / two:N2} |");
        var oneCpu = await ToolCpuAsync(runs, Arguments(path, 1_280, folder)) - startCpu;
        var twoCpu = oneCpu + await ToolCpuAsync(runs, Arguments(path, 200, folder)) - startCpu;
        Console.WriteLine(
            $"| … of the processor | | {oursCpu:N0} ms | | {oneCpu:N0} ms | {twoCpu:N0} ms | | {oursCpu / oneCpu:N2} | "
            + $"{oursCpu / twoCpu:N2} |");
    }

    private static string[] Arguments(string path, int size, string folder) =>
        [path, "-s", $"{size}x{size}>", "-e", "srgb", "-o", Path.Combine(folder, $"out-{size}.jpg[Q=80,strip,optimize_coding]")];

    /// <summary>Runs in a process of its own, whose memory nothing else has used.</summary>
    private static async Task<(double Milliseconds, double Megabytes, double CpuMilliseconds)> OursAsync(string path, string type, int runs)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Thumbnails).Assembly.Location);
        }

        foreach (var argument in new[] { "thumbnails", "--child", path, type, runs.ToString(CultureInfo.InvariantCulture) })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var words = (await process.StandardOutput.ReadToEndAsync()).Split(' ', StringSplitOptions.TrimEntries);
        await process.WaitForExitAsync();
        return (
            double.Parse(words[0], CultureInfo.InvariantCulture),
            double.Parse(words[1], CultureInfo.InvariantCulture),
            double.Parse(words[2], CultureInfo.InvariantCulture));
    }

    private static async Task ChildAsync(string path, string type, int runs)
    {
        using var renderer = new ImageRenderer(Options.Create(new FilesOptions()), TimeProvider.System, NullLogger<ImageRenderer>.Instance);
        var tiny = Path.Combine(Path.GetDirectoryName(path)!, "tiny" + Path.GetExtension(path));
        Make(tiny, 16, 12);
        await renderer.RenderAsync(tiny, type, false, _ => Task.CompletedTask, null, CancellationToken.None);
        GC.Collect();
        var before = StatusMegabytes("self", "VmRSS");
        var times = new List<double>();
        var cpu = new List<double>();
        for (var i = 0; i < runs; i++)
        {
            var clock = Stopwatch.StartNew();
            var used = Environment.CpuUsage.TotalTime;
            await renderer.RenderAsync(path, type, false, _ => Task.CompletedTask, null, CancellationToken.None);
            times.Add(clock.Elapsed.TotalMilliseconds);
            cpu.Add((Environment.CpuUsage.TotalTime - used).TotalMilliseconds);
        }

        times.Sort();
        cpu.Sort();
        var extra = StatusMegabytes("self", "VmHWM") - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2]:F1} {extra:F1} {cpu[cpu.Count / 2]:F1}"));
    }

    /// <summary>A picture between a gradient and noise, like a photo.</summary>
    private static void Make(string path, int width = Width, int height = Height, string? profile = null)
    {
        using var noise = Image.Gaussnoise(width, height, sigma: 12, mean: 0);
        using var position = Image.Xyz(width, height);
        using var red = (position[0] * (255.0 / width)) + noise;
        using var green = (position[1] * (255.0 / height)) + noise;
        using var blue = ((position[0] + position[1]) / 40).Sin() * 100 + 128;
        using var joined = red.Bandjoin(green, blue);
        using var bytes = joined.Cast(Enums.BandFormat.Uchar);
        using var picture = bytes.Copy(interpretation: Enums.Interpretation.Srgb);
        if (profile is null)
        {
            picture.WriteToFile(path);
            return;
        }

        using var converted = picture.IccTransform(profile, inputProfile: "srgb");
        converted.WriteToFile(path);
    }

    private static async Task<List<(double Milliseconds, double Megabytes)>> RepeatAsync(int runs, Func<Task<(double, double)>> run)
    {
        var results = new List<(double, double)>();
        for (var i = 0; i < runs; i++)
        {
            results.Add(await run());
        }

        return results;
    }

    private static double Median<T>(List<T> values, Func<T, double> of) => values.Select(of).Order().ElementAt(values.Count / 2);

    private static async Task<(double Milliseconds, double Megabytes)> ToolAsync(string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(
            new ProcessStartInfo("vipsthumbnail", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var peak = 0.0;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, StatusMegabytes(process.Id.ToString(CultureInfo.InvariantCulture), "VmHWM"));
            await Task.Delay(1);
        }

        var milliseconds = clock.Elapsed.TotalMilliseconds;
        return process.ExitCode == 0
            ? (milliseconds, peak)
            : throw new InvalidOperationException("vipsthumbnail failed: " + string.Join(' ', arguments));
    }

    /// <summary>
    /// User and system time, as the shell counts it for the commands it has run. It is exact only to 10 ms, so the command runs several
    /// times.
    /// </summary>
    private static async Task<double> ToolCpuAsync(int runs, string[] arguments)
    {
        var script = string.Concat(Enumerable.Repeat("\"$@\" > /dev/null; ", runs)) + "times";
        using var process = Process.Start(
            new ProcessStartInfo("sh", ["-c", script, "sh", "vipsthumbnail", .. arguments])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false
            })!;
        var lines = (await process.StandardOutput.ReadToEndAsync()).Trim().Split('\n');
        await process.WaitForExitAsync();
        // "0m1.230000s 0m0.120000s" of all children.
        return lines[^1].Split(' ').Select(time => time.TrimEnd('s').Split('m'))
            .Sum(t => double.Parse(t[0], CultureInfo.InvariantCulture) * 60_000
                + double.Parse(t[1], CultureInfo.InvariantCulture) * 1_000) / runs;
    }

    private static async Task<string?> VersionAsync()
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("vipsthumbnail", "--vips-version") { RedirectStandardOutput = true, UseShellExecute = false })!;
            return "vipsthumbnail: " + (await process.StandardOutput.ReadToEndAsync()).Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static double StatusMegabytes(string process, string name)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
            return line is null
                ? 0
                : double.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1_024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
