using System;
using System.Collections.Generic;
using UnityEditor;
using UnityEditor.PackageManager.UI;
using UnityEditor.SceneManagement;
using UnityEngine;
using PackageInfo = UnityEditor.PackageManager.PackageInfo;

namespace Sentio.EditorTools
{
    /// <summary>Menu items that create objects and demo scenes, and check a scene.</summary>
    internal static class SceneMenu
    {
        private const string Demos = "Demos";

        [MenuItem("GameObject/Sentio/Client", false, 10)]
        private static void MakeClient() { Make<SentioClient>("Sentio").Connection = SentioSettings.instance.Connection; }

        [MenuItem("GameObject/Sentio/Simulator", false, 10)]
        private static void MakeSimulator() { Make<SentioSimulator>("Sentio"); }

        [MenuItem("GameObject/Sentio/Director and Rails", false, 10)]
        private static void MakeDirector()
        {
            SentioDirector director = Make<SentioDirector>("Director");
            director.Rails = director.gameObject.AddComponent<SentioRails>();
            director.Rails.Feed = UnityEngine.Object.FindAnyObjectByType<SentioFeed>();
        }

        [MenuItem("Sentio/Check Scene")]
        private static void Check()
        {
            List<Mistake> found = Checks.OfScene();
            foreach (Mistake one in found) Debug.LogWarning("Sentio: " + one.Where.name + ", " + one.Where.GetType().Name + ": " + one.What, one.Where);
            if (found.Count == 0) Debug.Log("Sentio: no common mistake was found");
        }

        [MenuItem("Sentio/Demos/Emberfield (adaptive arena)")]
        private static void Arena() { Build("Emberfield"); }

        [MenuItem("Sentio/Demos/Breathing Garden")]
        private static void Garden() { Build("BreathingGarden"); }

        [MenuItem("Sentio/Demos/Companion (expressive character)")]
        private static void Character() { Build("Companion"); }

        [MenuItem("Sentio/Demos/Night Corridor (jump scares)")]
        private static void Corridor() { Build("NightCorridor"); }

        [MenuItem("Sentio/Demos/Ledge (graded height)")]
        private static void Height() { Build("Ledge"); }

        [InitializeOnLoadMethod]
        private static void WatchPlay()
        {
            EditorApplication.playModeStateChanged += state =>
            {
                if (state == PlayModeStateChange.EnteredPlayMode && SentioSettings.instance.CheckOnPlay)
                    foreach (Mistake one in Checks.OfScene()) Debug.LogWarning("Sentio: " + one.Where.name + ": " + one.What, one.Where);
            };
        }

        private static T Make<T>(string name) where T : Component
        {
            var made = new GameObject(name);
            var part = made.AddComponent<T>();
            Undo.RegisterCreatedObjectUndo(made, "Create " + name);
            Selection.activeGameObject = made;
            return part;
        }

        // The demos are a sample: their assembly exists after it was imported.
        private static void Build(string demo)
        {
            Type stage = Type.GetType("Sentio.Demos." + demo + ", Sentio.Demos");
            if (stage == null)
            {
                Import();
                return;
            }
            if (!EditorSceneManager.SaveCurrentModifiedScenesIfUserWantsTo()) return;
            EditorSceneManager.NewScene(NewSceneSetup.EmptyScene, NewSceneMode.Single);
            var made = new GameObject(demo);
            GiveRecording(made.AddComponent(stage));
            Selection.activeGameObject = made;
            Debug.Log("Sentio: the scene of " + demo + " is built when Play is pressed", made);
        }

        private static void GiveRecording(Component stage)
        {
            foreach (string guid in AssetDatabase.FindAssets("simulated.frames t:TextAsset"))
            {
                var fields = new SerializedObject(stage);
                fields.FindProperty("recording").objectReferenceValue = AssetDatabase.LoadAssetAtPath<TextAsset>(AssetDatabase.GUIDToAssetPath(guid));
                fields.ApplyModifiedProperties();
                return;
            }
        }

        private static void Import()
        {
            PackageInfo package = PackageInfo.FindForAssembly(typeof(SceneMenu).Assembly);
            foreach (Sample sample in Sample.FindByPackage(package.name, package.version))
            {
                if (sample.displayName != Demos || !sample.Import()) continue;
                Debug.Log("Sentio: the demos were imported; choose the menu item again when Unity has compiled them");
                return;
            }
            Debug.LogError("Sentio: the demos could not be imported; try Package Manager > Sentio > Samples");
        }
    }
}
