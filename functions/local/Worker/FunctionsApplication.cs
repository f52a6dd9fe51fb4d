using System.Reflection;
using System.Runtime.CompilerServices;
using Vox.Local.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Where a function app begins.</summary>
public static class FunctionsApplication
{
    /// <summary>A builder for the functions of the calling assembly.</summary>
    // Not inlined: the caller's caller would become the calling assembly.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) =>
        new FunctionsApplicationBuilder(args, FunctionDiscovery.PublicTypes(Assembly.GetCallingAssembly())).WithLocalServices();
}
