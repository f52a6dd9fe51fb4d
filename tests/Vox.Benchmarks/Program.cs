using Vox.Benchmarks;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

// Repeatable measurements. Each prints its conditions; none passes or fails by a time.
switch (args)
{
    case [AppRole.Name, .. var arguments]:
        await AppRole.RunAsync(arguments);
        return 0;
    case [EmulatorRole.Name]:
        await EmulatorRole.RunAsync();
        return 0;
    case ["thumbnails", "--child", ..]:
        await Thumbnails.RunAsync(args[1..]);
        return 0;
    default:
        return await Run.MainAsync(args);
}
