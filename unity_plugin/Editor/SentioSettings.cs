using UnityEditor;
using UnityEngine;

namespace Sentio.EditorTools
{
    /// <summary>The project's settings, saved in ProjectSettings.</summary>
    [FilePath("ProjectSettings/SentioSettings.asset", FilePathAttribute.Location.ProjectFolder)]
    public sealed class SentioSettings : ScriptableSingleton<SentioSettings>
    {
        [SerializeField, Tooltip("Address of the sidecar, for the monitor and for clients created by menu.")]
        private SentioConnection connection;

        [SerializeField, Tooltip("Report the scene's mistakes in the console when Play begins.")]
        private bool checkOnPlay = true;

        /// <summary>Address of the sidecar; null for its defaults.</summary>
        public SentioConnection Connection
        {
            get { return connection; }
            set
            {
                connection = value;
                Save(true);
            }
        }

        /// <summary>Whether a scene's mistakes are reported when Play begins.</summary>
        public bool CheckOnPlay
        {
            get { return checkOnPlay; }
            set
            {
                checkOnPlay = value;
                Save(true);
            }
        }

        /// <summary>The client's options.</summary>
        internal ClientOptions Options() { return connection ? connection.Options("") : new ClientOptions(); }
    }

    /// <summary>The page in Project Settings.</summary>
    internal static class SettingsPage
    {
        [SettingsProvider]
        private static SettingsProvider Make()
        {
            UnityEditor.Editor shown = null;
            return new SettingsProvider("Project/Sentio", SettingsScope.Project)
            {
                label = "Sentio",
                guiHandler = unused => Draw(ref shown),
                keywords = new[] { "affect", "sidecar", "biofeedback" },
            };
        }

        private static void Draw(ref UnityEditor.Editor shown)
        {
            SentioSettings settings = SentioSettings.instance;
            var chosen = (SentioConnection)EditorGUILayout.ObjectField("Connection", settings.Connection, typeof(SentioConnection), false);
            if (chosen != settings.Connection) settings.Connection = chosen;
            bool check = EditorGUILayout.Toggle("Check scenes on Play", settings.CheckOnPlay);
            if (check != settings.CheckOnPlay) settings.CheckOnPlay = check;
            if (!chosen)
            {
                EditorGUILayout.HelpBox("Without a connection the sidecar's own ports are used: 28700 and 28701 on this machine.", MessageType.Info);
                if (GUILayout.Button("Create a connection")) settings.Connection = MakeConnection();
                return;
            }
            if (chosen.Problem.Length > 0) EditorGUILayout.HelpBox(chosen.Problem, MessageType.Error);
            if (chosen.Token.Length > 0)
                EditorGUILayout.HelpBox("A token in an asset is shipped with the game: set it at run time instead.", MessageType.Warning);
            UnityEditor.Editor.CreateCachedEditor(chosen, null, ref shown);
            shown.OnInspectorGUI();
        }

        private static SentioConnection MakeConnection()
        {
            var made = ScriptableObject.CreateInstance<SentioConnection>();
            AssetDatabase.CreateAsset(made, AssetDatabase.GenerateUniqueAssetPath("Assets/SentioConnection.asset"));
            AssetDatabase.SaveAssets();
            return made;
        }
    }
}
