using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using UnityEngine;

namespace Sentio
{
    /// <summary>What this build and this computer let a launcher do.</summary>
    internal static class LaunchPlatform
    {
        /// <summary>Why no program can be started in this build, and what to do; empty if one can.</summary>
        public static string Hindrance
        {
            get
            {
#if UNITY_EDITOR
                return "";
#elif UNITY_WEBGL
                return "a browser game cannot start programs or open sockets: use SentioPlayer or SentioSimulator there";
#elif UNITY_ANDROID || UNITY_IOS
                return "an app on this device cannot start programs: run 'sentio run' on it or play a recording with SentioPlayer";
#else
                return "";
#endif
            }
        }

        /// <summary>Whether the build has no Process.Start: IL2CPP.</summary>
        public static bool IsNative
        {
            get
            {
#if ENABLE_IL2CPP && !UNITY_EDITOR
                return true;
#else
                return false;
#endif
            }
        }

        /// <summary>Folders in which the game may bring its sidecar.</summary>
        public static IList<string> Folders()
        {
            string data = Application.dataPath;
            var all = new List<string> { Path.Combine(data, "..", SidecarFinder.Folder) };
            if (Application.platform == RuntimePlatform.OSXPlayer)
            {
                all.Add(Path.Combine(data, "Resources", SidecarFinder.Folder));
                all.Add(Path.Combine(data, "..", "..", SidecarFinder.Folder));
            }
            all.Add(Path.Combine(Application.streamingAssetsPath, SidecarFinder.Folder));
            return all;
        }

        /// <summary>Makes a program executable again: some that unpack zips lose the permission.</summary>
        public static void MakeExecutable(string program)
        {
            if (IsNative || Path.DirectorySeparatorChar == '\\') return;
            try
            {
                using (Process chmod = Process.Start("chmod", "+x \"" + program + "\"")) chmod.WaitForExit(1000);
            }
            catch (Exception error) when (error is Win32Exception || error is InvalidOperationException)
            {
                // The start reports it.
            }
        }
    }
}
