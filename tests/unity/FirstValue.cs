using System;
using System.Threading;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>The first value of the package's README in an empty scene: simulator, recording FILE, or sidecar STATE
    /// CONTROL.</summary>
    public static class FirstValue
    {
        private const int Frames = 1800;

        /// <summary>Plays until the README's script has logged five values, and prints them.</summary>
        public static int Main(string[] arguments)
        {
            Stage.Reset();
            var made = new GameObject("Person");
            made.SetActive(false);
            Feed(made, arguments);
            made.AddComponent<Listen>();
            made.SetActive(true);
            for (int i = 0; i < Frames && Debug.Lines.Count < 5; i++)
            {
                Stage.Frame(1f / 60);
                if (arguments[0] == "sidecar") Thread.Sleep(16);
            }
            foreach (string line in Debug.Lines) Console.WriteLine(line);
            return 0;
        }

        private static void Feed(GameObject made, string[] arguments)
        {
            if (arguments[0] == "simulator") made.AddComponent<SentioSimulator>();
            else if (arguments[0] == "recording") made.AddComponent<SentioPlayer>().Path = arguments[1];
            else
            {
                var address = ScriptableObject.CreateInstance<SentioConnection>();
                address.StatePort = int.Parse(arguments[1]);
                address.ControlPort = int.Parse(arguments[2]);
                made.AddComponent<SentioClient>().Connection = address;
            }
        }
    }
}
