using System.Collections.Generic;
using System.Threading;

namespace Sentio
{
    /// <summary>Ends one started sidecar: by its pipe and a request, and kills it if it does not react.</summary>
    /// <remarks>Runs on a background thread, also without the component that started the sidecar. In a game that ends
    /// too, the sidecar's own look at the game (<c>--parent-pid</c>) does the rest.</remarks>
    internal sealed class SidecarEnd
    {
        /// <summary>Milliseconds from the request until the sidecar is killed.</summary>
        public const int Grace = 2000;

        private const int Look = 20;

        private readonly SidecarProcess _process;
        private readonly Client _client;

        private SidecarEnd(SidecarProcess process, Client client)
        {
            _process = process;
            _client = client;
        }

        /// <summary>Requests the end and returns at once; disposes of both afterwards.</summary>
        public static void Begin(SidecarProcess process, Client client)
        {
            client.Request("shutdown", new Dictionary<string, object> { { "reason", "its launcher stops" } });
            process.CloseInput();
            var end = new SidecarEnd(process, client);
            new Thread(end.Wait) { IsBackground = true, Name = "sentio-end" }.Start();
        }

        private void Wait()
        {
            for (int waited = 0; waited < Grace && _process.IsRunning; waited += Look) Thread.Sleep(Look);
            if (_process.IsRunning) _process.Kill();
            _client.Dispose();
            _process.Dispose();
        }
    }
}
