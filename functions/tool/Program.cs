namespace Vox.OperatorTool;

internal static class Program
{
    public static Task<int> Main(string[] args) => new VoxTool(new Surroundings()).RunAsync(args);
}
